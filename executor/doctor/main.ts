import process from 'node:process';
import type { DoctorReport, ExaminedWall } from '../../execution/doctor-report.ts';
import { judgeMachine, readMachine } from './examine-machine.ts';
import { examineWall } from './examine-wall.ts';

/*
 * The program behind `sandbus doctor`: prints a DoctorReport as JSON. It must run where executors run, as their user. Its
 * one argument stands in its environment too, as DOCTOR_MARK, for the attempts to find.
 */

const kinds = ['cloud-run-sandbox', 'bubblewrap', 'container'] as const;

const [, program = '', mark = ''] = process.argv;
const walls: ExaminedWall[] = [];
// One after the other: the wall container would take the processes of another for strangers.
for (const kind of kinds) walls.push(await examineWall(kind, process.env.TMPDIR ?? '/tmp', { mark, program }));

const report: DoctorReport = {
  chosen: walls.find(({ holds }) => holds)?.kind ?? null,
  walls,
  machine: judgeMachine(await readMachine()),
};
process.stdout.write(`${JSON.stringify(report)}\n`);
