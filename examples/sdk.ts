// A session through the SDK. Run it beside `npm start`: npx node examples/sdk.ts
import { Sandbus } from '../client/index.ts';

const sandbus = new Sandbus();
const session = sandbus.session('agent-42');
await session.exec('mkdir -p /workspace/app && cd /workspace/app && export STAGE=test');
const result = await session.exec('pwd; echo $STAGE; echo oops >&2; exit 3', {
  timeoutMs: 10_000,
  onStdout: (text) => process.stdout.write(text),
});
const { status, exitCode, stderr, cwd, wall } = result;
console.log(JSON.stringify({ status, exitCode, stderr, cwd, wall }));
await sandbus.close();
