// Generated from schemas/*.schema.json by `npm run generate`. Do not edit.
var __getOwnPropNames = Object.getOwnPropertyNames;
var __commonJS = (cb, mod) => function() {
  try {
    return mod || (0, cb[__getOwnPropNames(cb)[0]])((mod = { exports: {} }).exports, mod), mod.exports;
  } catch (e) {
    throw mod = 0, e;
  }
};

// node_modules/ajv/dist/runtime/ucs2length.js
var require_ucs2length = __commonJS({
  "node_modules/ajv/dist/runtime/ucs2length.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: !0 });
    function ucs2length(str) {
      let len = str.length, length = 0, pos = 0, value;
      for (; pos < len; )
        length++, value = str.charCodeAt(pos++), value >= 55296 && value <= 56319 && pos < len && (value = str.charCodeAt(pos), (value & 64512) === 56320 && pos++);
      return length;
    }
    exports.default = ucs2length;
    ucs2length.code = 'require("ajv/dist/runtime/ucs2length").default';
  }
});

// <stdin>
var isCompletionEvent = validate52, schema19 = { $id: "completion-event.v1.schema.json", type: "object", additionalProperties: !1, required: ["executionId", "sessionId", "tenantId", "generation", "leaseId", "epoch", "outcome", "status", "exitCode", "signal", "stdout", "stderr", "outputBytes", "truncated", "newState", "stateCaptured", "wall", "stages", "finishedAt"], properties: { version: { $ref: "version.definition" }, executionId: { $ref: "executionId.definition" }, sessionId: { $ref: "sessionId.definition" }, tenantId: { $ref: "tenantId.definition" }, generation: { $ref: "count.definition" }, leaseId: { oneOf: [{ $ref: "leaseId.definition" }, { type: "null" }] }, epoch: { $ref: "count.definition" }, outcome: { $ref: "outcome.definition" }, status: { $ref: "status.definition" }, exitCode: { $ref: "exitCode.definition" }, signal: { $ref: "signal.definition" }, stdout: { type: "string" }, stderr: { type: "string" }, stdoutBase64: { $ref: "base64.definition" }, stderrBase64: { $ref: "base64.definition" }, outputBytes: { $ref: "outputBytes.definition" }, discardedBytes: { $ref: "outputBytes.definition" }, truncated: { type: "object", additionalProperties: !1, required: ["stdout", "stderr"], properties: { stdout: { type: "boolean" }, stderr: { type: "boolean" } } }, outputRefs: { type: "object", additionalProperties: !1, required: [], properties: { stdout: { $ref: "objectRef.definition" }, stderr: { $ref: "objectRef.definition" } } }, outputs: { type: "object", additionalProperties: !1, required: ["files", "missed", "more"], properties: { files: { type: "array", maxItems: 256, items: { $ref: "outputFile.definition" } }, missed: { type: "array", maxItems: 32, items: { $ref: "missedOutput.definition" } }, more: { $ref: "count.definition" } } }, newState: { oneOf: [{ type: "object", additionalProperties: !1, required: ["cwd", "env", "services", "checkpoint"], properties: { cwd: { type: "string" }, umask: { type: "string", pattern: "^[0-7]{3,4}$" }, env: { $ref: "envDelta.definition" }, services: { type: "array", items: { type: "string" } }, checkpoint: { oneOf: [{ $ref: "checkpointRef.definition" }, { type: "null" }] }, filesChanged: { $ref: "filesChanged.definition" } } }, { type: "null" }] }, stateCaptured: { type: "boolean" }, shell: { enum: ["bash", "sh"] }, usage: { type: "object", additionalProperties: !1, required: ["wallMs"], properties: { wallMs: { $ref: "milliseconds.definition" }, cpuMs: { $ref: "milliseconds.definition" }, maxRssBytes: { $ref: "count.definition" } } }, wall: { oneOf: [{ enum: ["cloud-run-sandbox", "bubblewrap", "container", "none"] }, { type: "null" }] }, network: { type: "object", additionalProperties: !1, required: ["refused", "more"], properties: { refused: { type: "array", maxItems: 32, items: { $ref: "refusedConnections.definition" } }, more: { $ref: "count.definition" } } }, listening: { type: "array", maxItems: 64, items: { $ref: "listeningPort.definition" } }, limits: { type: "object", additionalProperties: { $ref: "heldLimit.definition" }, propertyNames: { enum: ["timeoutMs", "idleOutputMs", "cpuMs", "memoryMb", "pids", "openFiles", "fileMb", "workspaceMb", "workspaceFiles", "tmpMb", "outputBytes"] } }, limitReached: { type: "object", additionalProperties: !1, required: ["limit", "evidence"], properties: { limit: { $ref: "limitName.definition" }, evidence: { $ref: "remark.definition" } } }, stages: { type: "object", additionalProperties: !1, properties: { queuedMs: { $ref: "milliseconds.definition" }, launchMs: { $ref: "milliseconds.definition" }, bootMs: { $ref: "milliseconds.definition" }, restoreMs: { $ref: "milliseconds.definition" }, runMs: { $ref: "milliseconds.definition" }, checkpointMs: { $ref: "milliseconds.definition" } } }, warnings: { $ref: "remarks.definition" }, hints: { $ref: "remarks.definition" }, startedAt: { $ref: "timestamp.definition" }, finishedAt: { $ref: "timestamp.definition" }, labels: { $ref: "labels.definition" }, replayOf: { $ref: "replayOf.definition" } } }, func1 = Object.prototype.hasOwnProperty;
function validate53(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate53.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), data !== 1) {
    let err0 = { instancePath, schemaPath: "#/const", keyword: "const", params: { allowedValue: 1 } };
    vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
  }
  return validate53.errors = vErrors, errors === 0;
}
validate53.evaluated = { dynamicProps: !1, dynamicItems: !1 };
var pattern3 = new RegExp("^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$", "u");
function validate55(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate55.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), typeof data == "string") {
    if (!pattern3.test(data)) {
      let err0 = { instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
  } else {
    let err1 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  return validate55.errors = vErrors, errors === 0;
}
validate55.evaluated = { dynamicProps: !1, dynamicItems: !1 };
function validate57(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate57.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), typeof data == "string") {
    if (!pattern3.test(data)) {
      let err0 = { instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
  } else {
    let err1 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  return validate57.errors = vErrors, errors === 0;
}
validate57.evaluated = { dynamicProps: !1, dynamicItems: !1 };
var pattern5 = new RegExp("^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$", "u");
function validate59(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate59.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), typeof data == "string") {
    if (!pattern5.test(data)) {
      let err0 = { instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
  } else {
    let err1 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  return validate59.errors = vErrors, errors === 0;
}
validate59.evaluated = { dynamicProps: !1, dynamicItems: !1 };
function validate61(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate61.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), !(typeof data == "number" && !(data % 1) && !isNaN(data) && isFinite(data))) {
    let err0 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "integer" } };
    vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
  }
  if (typeof data == "number" && isFinite(data) && (data < 0 || isNaN(data))) {
    let err1 = { instancePath, schemaPath: "#/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  return validate61.errors = vErrors, errors === 0;
}
validate61.evaluated = { dynamicProps: !1, dynamicItems: !1 };
function validate63(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate63.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), typeof data == "string") {
    if (!pattern3.test(data)) {
      let err0 = { instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
  } else {
    let err1 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  return validate63.errors = vErrors, errors === 0;
}
validate63.evaluated = { dynamicProps: !1, dynamicItems: !1 };
var schema26 = { $id: "outcome.definition", oneOf: [{ type: "object", additionalProperties: !1, required: ["exitCode"], properties: { kind: { const: "exited" }, exitCode: { type: "integer", minimum: 0, maximum: 255 } } }, { type: "object", additionalProperties: !1, required: ["signal"], properties: { kind: { const: "signaled" }, signal: { type: "string", pattern: "^SIG[A-Z0-9+-]+$" } } }, { type: "object", additionalProperties: !1, required: ["limit", "limitMs"], properties: { kind: { const: "timed-out" }, limit: { enum: ["wall-time", "idle-output", "cpu-time"] }, limitMs: { $ref: "positive.definition" } } }, { type: "object", additionalProperties: !1, required: ["by"], properties: { kind: { const: "cancelled" }, by: { enum: ["request", "shutdown"] }, reason: { $ref: "remark.definition" } } }, { type: "object", additionalProperties: !1, required: ["evidence"], properties: { kind: { const: "out-of-memory" }, evidence: { $ref: "remark.definition" } } }, { type: "object", additionalProperties: !1, required: ["limitBytes"], properties: { kind: { const: "output-limit" }, limitBytes: { $ref: "positive.definition" } } }, { type: "object", additionalProperties: !1, required: ["code", "message"], properties: { kind: { const: "launch-failed" }, code: { type: "string", maxLength: 128 }, message: { type: "string", maxLength: 2048 } } }, { type: "object", additionalProperties: !1, required: ["code", "message"], properties: { kind: { const: "rejected" }, code: { type: "string", maxLength: 128 }, message: { type: "string", maxLength: 2048 } } }, { type: "object", additionalProperties: !1, required: ["evidence"], properties: { kind: { const: "lost" }, evidence: { $ref: "remark.definition" } } }], type: "object", discriminator: { propertyName: "kind" }, required: ["kind"], properties: { kind: { enum: ["exited", "signaled", "timed-out", "cancelled", "out-of-memory", "output-limit", "launch-failed", "rejected", "lost"] } } }, pattern7 = new RegExp("^SIG[A-Z0-9+-]+$", "u");
function validate67(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate67.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), !(typeof data == "number" && !(data % 1) && !isNaN(data) && isFinite(data))) {
    let err0 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "integer" } };
    vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
  }
  if (typeof data == "number" && isFinite(data) && (data < 1 || isNaN(data))) {
    let err1 = { instancePath, schemaPath: "#/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  return validate67.errors = vErrors, errors === 0;
}
validate67.evaluated = { dynamicProps: !1, dynamicItems: !1 };
var func2 = require_ucs2length().default;
function validate69(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate69.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), typeof data == "string") {
    if (func2(data) > 1024) {
      let err0 = { instancePath, schemaPath: "#/maxLength", keyword: "maxLength", params: { limit: 1024 } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
  } else {
    let err1 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  return validate69.errors = vErrors, errors === 0;
}
validate69.evaluated = { dynamicProps: !1, dynamicItems: !1 };
function validate66(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate66.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), data && typeof data == "object" && !Array.isArray(data)) {
    if (data.kind === void 0) {
      let err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "kind" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    if (data.kind !== void 0) {
      let data0 = data.kind;
      if (!(data0 === "exited" || data0 === "signaled" || data0 === "timed-out" || data0 === "cancelled" || data0 === "out-of-memory" || data0 === "output-limit" || data0 === "launch-failed" || data0 === "rejected" || data0 === "lost")) {
        let err1 = { instancePath: instancePath + "/kind", schemaPath: "#/properties/kind/enum", keyword: "enum", params: { allowedValues: schema26.properties.kind.enum } };
        vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
      }
    }
    let tag0 = data.kind;
    if (typeof tag0 == "string")
      if (tag0 === "exited") {
        if (data && typeof data == "object" && !Array.isArray(data)) {
          if (data.exitCode === void 0) {
            let err2 = { instancePath, schemaPath: "#/oneOf/0/required", keyword: "required", params: { missingProperty: "exitCode" } };
            vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
          }
          for (let key0 in data)
            if (!(key0 === "kind" || key0 === "exitCode")) {
              let err3 = { instancePath, schemaPath: "#/oneOf/0/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
              vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
            }
          if (data.kind !== void 0 && data.kind !== "exited") {
            let err4 = { instancePath: instancePath + "/kind", schemaPath: "#/oneOf/0/properties/kind/const", keyword: "const", params: { allowedValue: "exited" } };
            vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
          }
          if (data.exitCode !== void 0) {
            let data2 = data.exitCode;
            if (!(typeof data2 == "number" && !(data2 % 1) && !isNaN(data2) && isFinite(data2))) {
              let err5 = { instancePath: instancePath + "/exitCode", schemaPath: "#/oneOf/0/properties/exitCode/type", keyword: "type", params: { type: "integer" } };
              vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
            }
            if (typeof data2 == "number" && isFinite(data2)) {
              if (data2 > 255 || isNaN(data2)) {
                let err6 = { instancePath: instancePath + "/exitCode", schemaPath: "#/oneOf/0/properties/exitCode/maximum", keyword: "maximum", params: { comparison: "<=", limit: 255 } };
                vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
              }
              if (data2 < 0 || isNaN(data2)) {
                let err7 = { instancePath: instancePath + "/exitCode", schemaPath: "#/oneOf/0/properties/exitCode/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 } };
                vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
              }
            }
          }
        } else {
          let err8 = { instancePath, schemaPath: "#/oneOf/0/type", keyword: "type", params: { type: "object" } };
          vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
        }
        var props0 = !0;
      } else if (tag0 === "signaled") {
        if (data && typeof data == "object" && !Array.isArray(data)) {
          if (data.signal === void 0) {
            let err9 = { instancePath, schemaPath: "#/oneOf/1/required", keyword: "required", params: { missingProperty: "signal" } };
            vErrors === null ? vErrors = [err9] : vErrors.push(err9), errors++;
          }
          for (let key1 in data)
            if (!(key1 === "kind" || key1 === "signal")) {
              let err10 = { instancePath, schemaPath: "#/oneOf/1/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key1 } };
              vErrors === null ? vErrors = [err10] : vErrors.push(err10), errors++;
            }
          if (data.kind !== void 0 && data.kind !== "signaled") {
            let err11 = { instancePath: instancePath + "/kind", schemaPath: "#/oneOf/1/properties/kind/const", keyword: "const", params: { allowedValue: "signaled" } };
            vErrors === null ? vErrors = [err11] : vErrors.push(err11), errors++;
          }
          if (data.signal !== void 0) {
            let data4 = data.signal;
            if (typeof data4 == "string") {
              if (!pattern7.test(data4)) {
                let err12 = { instancePath: instancePath + "/signal", schemaPath: "#/oneOf/1/properties/signal/pattern", keyword: "pattern", params: { pattern: "^SIG[A-Z0-9+-]+$" } };
                vErrors === null ? vErrors = [err12] : vErrors.push(err12), errors++;
              }
            } else {
              let err13 = { instancePath: instancePath + "/signal", schemaPath: "#/oneOf/1/properties/signal/type", keyword: "type", params: { type: "string" } };
              vErrors === null ? vErrors = [err13] : vErrors.push(err13), errors++;
            }
          }
        } else {
          let err14 = { instancePath, schemaPath: "#/oneOf/1/type", keyword: "type", params: { type: "object" } };
          vErrors === null ? vErrors = [err14] : vErrors.push(err14), errors++;
        }
        props0 !== !0 && (props0 = !0);
      } else if (tag0 === "timed-out") {
        if (data && typeof data == "object" && !Array.isArray(data)) {
          if (data.limit === void 0) {
            let err15 = { instancePath, schemaPath: "#/oneOf/2/required", keyword: "required", params: { missingProperty: "limit" } };
            vErrors === null ? vErrors = [err15] : vErrors.push(err15), errors++;
          }
          if (data.limitMs === void 0) {
            let err16 = { instancePath, schemaPath: "#/oneOf/2/required", keyword: "required", params: { missingProperty: "limitMs" } };
            vErrors === null ? vErrors = [err16] : vErrors.push(err16), errors++;
          }
          for (let key2 in data)
            if (!(key2 === "kind" || key2 === "limit" || key2 === "limitMs")) {
              let err17 = { instancePath, schemaPath: "#/oneOf/2/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key2 } };
              vErrors === null ? vErrors = [err17] : vErrors.push(err17), errors++;
            }
          if (data.kind !== void 0 && data.kind !== "timed-out") {
            let err18 = { instancePath: instancePath + "/kind", schemaPath: "#/oneOf/2/properties/kind/const", keyword: "const", params: { allowedValue: "timed-out" } };
            vErrors === null ? vErrors = [err18] : vErrors.push(err18), errors++;
          }
          if (data.limit !== void 0) {
            let data6 = data.limit;
            if (!(data6 === "wall-time" || data6 === "idle-output" || data6 === "cpu-time")) {
              let err19 = { instancePath: instancePath + "/limit", schemaPath: "#/oneOf/2/properties/limit/enum", keyword: "enum", params: { allowedValues: schema26.oneOf[2].properties.limit.enum } };
              vErrors === null ? vErrors = [err19] : vErrors.push(err19), errors++;
            }
          }
          data.limitMs !== void 0 && (validate67(data.limitMs, { instancePath: instancePath + "/limitMs", parentData: data, parentDataProperty: "limitMs", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate67.errors : vErrors.concat(validate67.errors), errors = vErrors.length));
        } else {
          let err20 = { instancePath, schemaPath: "#/oneOf/2/type", keyword: "type", params: { type: "object" } };
          vErrors === null ? vErrors = [err20] : vErrors.push(err20), errors++;
        }
        props0 !== !0 && (props0 = !0);
      } else if (tag0 === "cancelled") {
        if (data && typeof data == "object" && !Array.isArray(data)) {
          if (data.by === void 0) {
            let err21 = { instancePath, schemaPath: "#/oneOf/3/required", keyword: "required", params: { missingProperty: "by" } };
            vErrors === null ? vErrors = [err21] : vErrors.push(err21), errors++;
          }
          for (let key3 in data)
            if (!(key3 === "kind" || key3 === "by" || key3 === "reason")) {
              let err22 = { instancePath, schemaPath: "#/oneOf/3/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key3 } };
              vErrors === null ? vErrors = [err22] : vErrors.push(err22), errors++;
            }
          if (data.kind !== void 0 && data.kind !== "cancelled") {
            let err23 = { instancePath: instancePath + "/kind", schemaPath: "#/oneOf/3/properties/kind/const", keyword: "const", params: { allowedValue: "cancelled" } };
            vErrors === null ? vErrors = [err23] : vErrors.push(err23), errors++;
          }
          if (data.by !== void 0) {
            let data9 = data.by;
            if (!(data9 === "request" || data9 === "shutdown")) {
              let err24 = { instancePath: instancePath + "/by", schemaPath: "#/oneOf/3/properties/by/enum", keyword: "enum", params: { allowedValues: schema26.oneOf[3].properties.by.enum } };
              vErrors === null ? vErrors = [err24] : vErrors.push(err24), errors++;
            }
          }
          data.reason !== void 0 && (validate69(data.reason, { instancePath: instancePath + "/reason", parentData: data, parentDataProperty: "reason", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate69.errors : vErrors.concat(validate69.errors), errors = vErrors.length));
        } else {
          let err25 = { instancePath, schemaPath: "#/oneOf/3/type", keyword: "type", params: { type: "object" } };
          vErrors === null ? vErrors = [err25] : vErrors.push(err25), errors++;
        }
        props0 !== !0 && (props0 = !0);
      } else if (tag0 === "out-of-memory") {
        if (data && typeof data == "object" && !Array.isArray(data)) {
          if (data.evidence === void 0) {
            let err26 = { instancePath, schemaPath: "#/oneOf/4/required", keyword: "required", params: { missingProperty: "evidence" } };
            vErrors === null ? vErrors = [err26] : vErrors.push(err26), errors++;
          }
          for (let key4 in data)
            if (!(key4 === "kind" || key4 === "evidence")) {
              let err27 = { instancePath, schemaPath: "#/oneOf/4/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key4 } };
              vErrors === null ? vErrors = [err27] : vErrors.push(err27), errors++;
            }
          if (data.kind !== void 0 && data.kind !== "out-of-memory") {
            let err28 = { instancePath: instancePath + "/kind", schemaPath: "#/oneOf/4/properties/kind/const", keyword: "const", params: { allowedValue: "out-of-memory" } };
            vErrors === null ? vErrors = [err28] : vErrors.push(err28), errors++;
          }
          data.evidence !== void 0 && (validate69(data.evidence, { instancePath: instancePath + "/evidence", parentData: data, parentDataProperty: "evidence", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate69.errors : vErrors.concat(validate69.errors), errors = vErrors.length));
        } else {
          let err29 = { instancePath, schemaPath: "#/oneOf/4/type", keyword: "type", params: { type: "object" } };
          vErrors === null ? vErrors = [err29] : vErrors.push(err29), errors++;
        }
        props0 !== !0 && (props0 = !0);
      } else if (tag0 === "output-limit") {
        if (data && typeof data == "object" && !Array.isArray(data)) {
          if (data.limitBytes === void 0) {
            let err30 = { instancePath, schemaPath: "#/oneOf/5/required", keyword: "required", params: { missingProperty: "limitBytes" } };
            vErrors === null ? vErrors = [err30] : vErrors.push(err30), errors++;
          }
          for (let key5 in data)
            if (!(key5 === "kind" || key5 === "limitBytes")) {
              let err31 = { instancePath, schemaPath: "#/oneOf/5/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key5 } };
              vErrors === null ? vErrors = [err31] : vErrors.push(err31), errors++;
            }
          if (data.kind !== void 0 && data.kind !== "output-limit") {
            let err32 = { instancePath: instancePath + "/kind", schemaPath: "#/oneOf/5/properties/kind/const", keyword: "const", params: { allowedValue: "output-limit" } };
            vErrors === null ? vErrors = [err32] : vErrors.push(err32), errors++;
          }
          data.limitBytes !== void 0 && (validate67(data.limitBytes, { instancePath: instancePath + "/limitBytes", parentData: data, parentDataProperty: "limitBytes", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate67.errors : vErrors.concat(validate67.errors), errors = vErrors.length));
        } else {
          let err33 = { instancePath, schemaPath: "#/oneOf/5/type", keyword: "type", params: { type: "object" } };
          vErrors === null ? vErrors = [err33] : vErrors.push(err33), errors++;
        }
        props0 !== !0 && (props0 = !0);
      } else if (tag0 === "launch-failed") {
        if (data && typeof data == "object" && !Array.isArray(data)) {
          if (data.code === void 0) {
            let err34 = { instancePath, schemaPath: "#/oneOf/6/required", keyword: "required", params: { missingProperty: "code" } };
            vErrors === null ? vErrors = [err34] : vErrors.push(err34), errors++;
          }
          if (data.message === void 0) {
            let err35 = { instancePath, schemaPath: "#/oneOf/6/required", keyword: "required", params: { missingProperty: "message" } };
            vErrors === null ? vErrors = [err35] : vErrors.push(err35), errors++;
          }
          for (let key6 in data)
            if (!(key6 === "kind" || key6 === "code" || key6 === "message")) {
              let err36 = { instancePath, schemaPath: "#/oneOf/6/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key6 } };
              vErrors === null ? vErrors = [err36] : vErrors.push(err36), errors++;
            }
          if (data.kind !== void 0 && data.kind !== "launch-failed") {
            let err37 = { instancePath: instancePath + "/kind", schemaPath: "#/oneOf/6/properties/kind/const", keyword: "const", params: { allowedValue: "launch-failed" } };
            vErrors === null ? vErrors = [err37] : vErrors.push(err37), errors++;
          }
          if (data.code !== void 0) {
            let data16 = data.code;
            if (typeof data16 == "string") {
              if (func2(data16) > 128) {
                let err38 = { instancePath: instancePath + "/code", schemaPath: "#/oneOf/6/properties/code/maxLength", keyword: "maxLength", params: { limit: 128 } };
                vErrors === null ? vErrors = [err38] : vErrors.push(err38), errors++;
              }
            } else {
              let err39 = { instancePath: instancePath + "/code", schemaPath: "#/oneOf/6/properties/code/type", keyword: "type", params: { type: "string" } };
              vErrors === null ? vErrors = [err39] : vErrors.push(err39), errors++;
            }
          }
          if (data.message !== void 0) {
            let data17 = data.message;
            if (typeof data17 == "string") {
              if (func2(data17) > 2048) {
                let err40 = { instancePath: instancePath + "/message", schemaPath: "#/oneOf/6/properties/message/maxLength", keyword: "maxLength", params: { limit: 2048 } };
                vErrors === null ? vErrors = [err40] : vErrors.push(err40), errors++;
              }
            } else {
              let err41 = { instancePath: instancePath + "/message", schemaPath: "#/oneOf/6/properties/message/type", keyword: "type", params: { type: "string" } };
              vErrors === null ? vErrors = [err41] : vErrors.push(err41), errors++;
            }
          }
        } else {
          let err42 = { instancePath, schemaPath: "#/oneOf/6/type", keyword: "type", params: { type: "object" } };
          vErrors === null ? vErrors = [err42] : vErrors.push(err42), errors++;
        }
        props0 !== !0 && (props0 = !0);
      } else if (tag0 === "rejected") {
        if (data && typeof data == "object" && !Array.isArray(data)) {
          if (data.code === void 0) {
            let err43 = { instancePath, schemaPath: "#/oneOf/7/required", keyword: "required", params: { missingProperty: "code" } };
            vErrors === null ? vErrors = [err43] : vErrors.push(err43), errors++;
          }
          if (data.message === void 0) {
            let err44 = { instancePath, schemaPath: "#/oneOf/7/required", keyword: "required", params: { missingProperty: "message" } };
            vErrors === null ? vErrors = [err44] : vErrors.push(err44), errors++;
          }
          for (let key7 in data)
            if (!(key7 === "kind" || key7 === "code" || key7 === "message")) {
              let err45 = { instancePath, schemaPath: "#/oneOf/7/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key7 } };
              vErrors === null ? vErrors = [err45] : vErrors.push(err45), errors++;
            }
          if (data.kind !== void 0 && data.kind !== "rejected") {
            let err46 = { instancePath: instancePath + "/kind", schemaPath: "#/oneOf/7/properties/kind/const", keyword: "const", params: { allowedValue: "rejected" } };
            vErrors === null ? vErrors = [err46] : vErrors.push(err46), errors++;
          }
          if (data.code !== void 0) {
            let data19 = data.code;
            if (typeof data19 == "string") {
              if (func2(data19) > 128) {
                let err47 = { instancePath: instancePath + "/code", schemaPath: "#/oneOf/7/properties/code/maxLength", keyword: "maxLength", params: { limit: 128 } };
                vErrors === null ? vErrors = [err47] : vErrors.push(err47), errors++;
              }
            } else {
              let err48 = { instancePath: instancePath + "/code", schemaPath: "#/oneOf/7/properties/code/type", keyword: "type", params: { type: "string" } };
              vErrors === null ? vErrors = [err48] : vErrors.push(err48), errors++;
            }
          }
          if (data.message !== void 0) {
            let data20 = data.message;
            if (typeof data20 == "string") {
              if (func2(data20) > 2048) {
                let err49 = { instancePath: instancePath + "/message", schemaPath: "#/oneOf/7/properties/message/maxLength", keyword: "maxLength", params: { limit: 2048 } };
                vErrors === null ? vErrors = [err49] : vErrors.push(err49), errors++;
              }
            } else {
              let err50 = { instancePath: instancePath + "/message", schemaPath: "#/oneOf/7/properties/message/type", keyword: "type", params: { type: "string" } };
              vErrors === null ? vErrors = [err50] : vErrors.push(err50), errors++;
            }
          }
        } else {
          let err51 = { instancePath, schemaPath: "#/oneOf/7/type", keyword: "type", params: { type: "object" } };
          vErrors === null ? vErrors = [err51] : vErrors.push(err51), errors++;
        }
        props0 !== !0 && (props0 = !0);
      } else if (tag0 === "lost") {
        if (data && typeof data == "object" && !Array.isArray(data)) {
          if (data.evidence === void 0) {
            let err52 = { instancePath, schemaPath: "#/oneOf/8/required", keyword: "required", params: { missingProperty: "evidence" } };
            vErrors === null ? vErrors = [err52] : vErrors.push(err52), errors++;
          }
          for (let key8 in data)
            if (!(key8 === "kind" || key8 === "evidence")) {
              let err53 = { instancePath, schemaPath: "#/oneOf/8/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key8 } };
              vErrors === null ? vErrors = [err53] : vErrors.push(err53), errors++;
            }
          if (data.kind !== void 0 && data.kind !== "lost") {
            let err54 = { instancePath: instancePath + "/kind", schemaPath: "#/oneOf/8/properties/kind/const", keyword: "const", params: { allowedValue: "lost" } };
            vErrors === null ? vErrors = [err54] : vErrors.push(err54), errors++;
          }
          data.evidence !== void 0 && (validate69(data.evidence, { instancePath: instancePath + "/evidence", parentData: data, parentDataProperty: "evidence", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate69.errors : vErrors.concat(validate69.errors), errors = vErrors.length));
        } else {
          let err55 = { instancePath, schemaPath: "#/oneOf/8/type", keyword: "type", params: { type: "object" } };
          vErrors === null ? vErrors = [err55] : vErrors.push(err55), errors++;
        }
        props0 !== !0 && (props0 = !0);
      } else {
        let err56 = { instancePath, schemaPath: "#/discriminator", keyword: "discriminator", params: { error: "mapping", tag: "kind", tagValue: tag0 } };
        vErrors === null ? vErrors = [err56] : vErrors.push(err56), errors++;
      }
    else {
      let err57 = { instancePath, schemaPath: "#/discriminator", keyword: "discriminator", params: { error: "tag", tag: "kind", tagValue: tag0 } };
      vErrors === null ? vErrors = [err57] : vErrors.push(err57), errors++;
    }
  } else {
    let err58 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err58] : vErrors.push(err58), errors++;
  }
  return validate66.errors = vErrors, evaluated0.props = props0, errors === 0;
}
validate66.evaluated = { dynamicProps: !0, dynamicItems: !1 };
var schema29 = { $id: "status.definition", enum: ["succeeded", "failed", "timed-out", "cancelled", "rejected", "launch-failed", "lost"] };
function validate75(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate75.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), !(data === "succeeded" || data === "failed" || data === "timed-out" || data === "cancelled" || data === "rejected" || data === "launch-failed" || data === "lost")) {
    let err0 = { instancePath, schemaPath: "#/enum", keyword: "enum", params: { allowedValues: schema29.enum } };
    vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
  }
  return validate75.errors = vErrors, errors === 0;
}
validate75.evaluated = { dynamicProps: !1, dynamicItems: !1 };
var schema30 = { $id: "exitCode.definition", type: ["integer", "null"], minimum: 0, maximum: 255 };
function validate77(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate77.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), !(typeof data == "number" && !(data % 1) && !isNaN(data) && isFinite(data)) && data !== null) {
    let err0 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema30.type } };
    vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
  }
  if (typeof data == "number" && isFinite(data)) {
    if (data > 255 || isNaN(data)) {
      let err1 = { instancePath, schemaPath: "#/maximum", keyword: "maximum", params: { comparison: "<=", limit: 255 } };
      vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
    }
    if (data < 0 || isNaN(data)) {
      let err2 = { instancePath, schemaPath: "#/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 } };
      vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
    }
  }
  return validate77.errors = vErrors, errors === 0;
}
validate77.evaluated = { dynamicProps: !1, dynamicItems: !1 };
var schema31 = { $id: "signal.definition", type: ["string", "null"] };
function validate79(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate79.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), typeof data != "string" && data !== null) {
    let err0 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema31.type } };
    vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
  }
  return validate79.errors = vErrors, errors === 0;
}
validate79.evaluated = { dynamicProps: !1, dynamicItems: !1 };
var pattern8 = new RegExp("^(?:[A-Za-z0-9+/][A-Za-z0-9+/][A-Za-z0-9+/][A-Za-z0-9+/])*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$", "u");
function validate81(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate81.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), typeof data == "string") {
    if (!pattern8.test(data)) {
      let err0 = { instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^(?:[A-Za-z0-9+/][A-Za-z0-9+/][A-Za-z0-9+/][A-Za-z0-9+/])*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
  } else {
    let err1 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  return validate81.errors = vErrors, errors === 0;
}
validate81.evaluated = { dynamicProps: !1, dynamicItems: !1 };
function validate84(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate84.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), data && typeof data == "object" && !Array.isArray(data)) {
    if (data.stdout === void 0) {
      let err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "stdout" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    if (data.stderr === void 0) {
      let err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "stderr" } };
      vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
    }
    for (let key0 in data)
      if (!(key0 === "stdout" || key0 === "stderr")) {
        let err2 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
      }
    data.stdout !== void 0 && (validate61(data.stdout, { instancePath: instancePath + "/stdout", parentData: data, parentDataProperty: "stdout", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate61.errors : vErrors.concat(validate61.errors), errors = vErrors.length)), data.stderr !== void 0 && (validate61(data.stderr, { instancePath: instancePath + "/stderr", parentData: data, parentDataProperty: "stderr", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate61.errors : vErrors.concat(validate61.errors), errors = vErrors.length));
  } else {
    let err3 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
  }
  return validate84.errors = vErrors, errors === 0;
}
validate84.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
var pattern9 = new RegExp("^(?!.*(?:^|/)\\.\\.(?:/|$))[A-Za-z0-9][A-Za-z0-9._/-]*$", "u"), pattern10 = new RegExp("^[0-9a-f]{64}$", "u");
function validate89(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate89.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), data && typeof data == "object" && !Array.isArray(data)) {
    if (data.object === void 0) {
      let err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "object" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    if (data.bytes === void 0) {
      let err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "bytes" } };
      vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
    }
    if (data.sha256 === void 0) {
      let err2 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "sha256" } };
      vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
    }
    for (let key0 in data)
      if (!(key0 === "object" || key0 === "bytes" || key0 === "sha256")) {
        let err3 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
      }
    if (data.object !== void 0) {
      let data0 = data.object;
      if (typeof data0 == "string") {
        if (func2(data0) > 1024) {
          let err4 = { instancePath: instancePath + "/object", schemaPath: "#/properties/object/maxLength", keyword: "maxLength", params: { limit: 1024 } };
          vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
        }
        if (func2(data0) < 1) {
          let err5 = { instancePath: instancePath + "/object", schemaPath: "#/properties/object/minLength", keyword: "minLength", params: { limit: 1 } };
          vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
        }
        if (!pattern9.test(data0)) {
          let err6 = { instancePath: instancePath + "/object", schemaPath: "#/properties/object/pattern", keyword: "pattern", params: { pattern: "^(?!.*(?:^|/)\\.\\.(?:/|$))[A-Za-z0-9][A-Za-z0-9._/-]*$" } };
          vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
        }
      } else {
        let err7 = { instancePath: instancePath + "/object", schemaPath: "#/properties/object/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
      }
    }
    if (data.bytes !== void 0 && (validate61(data.bytes, { instancePath: instancePath + "/bytes", parentData: data, parentDataProperty: "bytes", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate61.errors : vErrors.concat(validate61.errors), errors = vErrors.length)), data.sha256 !== void 0) {
      let data2 = data.sha256;
      if (typeof data2 == "string") {
        if (!pattern10.test(data2)) {
          let err8 = { instancePath: instancePath + "/sha256", schemaPath: "#/properties/sha256/pattern", keyword: "pattern", params: { pattern: "^[0-9a-f]{64}$" } };
          vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
        }
      } else {
        let err9 = { instancePath: instancePath + "/sha256", schemaPath: "#/properties/sha256/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err9] : vErrors.push(err9), errors++;
      }
    }
  } else {
    let err10 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err10] : vErrors.push(err10), errors++;
  }
  return validate89.errors = vErrors, errors === 0;
}
validate89.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
var pattern11 = new RegExp("^[^\\u0000]*$", "u");
function validate94(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate94.evaluated;
  evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0);
  let _errs0 = errors, valid0 = !1, passing0 = null, _errs1 = errors;
  if (typeof data == "string") {
    if (func2(data) > 8192) {
      let err0 = { instancePath, schemaPath: "#/oneOf/0/maxLength", keyword: "maxLength", params: { limit: 8192 } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    if (func2(data) < 1) {
      let err1 = { instancePath, schemaPath: "#/oneOf/0/minLength", keyword: "minLength", params: { limit: 1 } };
      vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
    }
    if (!pattern11.test(data)) {
      let err2 = { instancePath, schemaPath: "#/oneOf/0/pattern", keyword: "pattern", params: { pattern: "^[^\\u0000]*$" } };
      vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
    }
  } else {
    let err3 = { instancePath, schemaPath: "#/oneOf/0/type", keyword: "type", params: { type: "string" } };
    vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
  }
  var _valid0 = _errs1 === errors;
  _valid0 && (valid0 = !0, passing0 = 0);
  let _errs3 = errors;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.base64 === void 0) {
      let err4 = { instancePath, schemaPath: "#/oneOf/1/required", keyword: "required", params: { missingProperty: "base64" } };
      vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
    }
    for (let key0 in data)
      if (key0 !== "base64") {
        let err5 = { instancePath, schemaPath: "#/oneOf/1/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
      }
    data.base64 !== void 0 && (validate81(data.base64, { instancePath: instancePath + "/base64", parentData: data, parentDataProperty: "base64", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate81.errors : vErrors.concat(validate81.errors), errors = vErrors.length));
  } else {
    let err6 = { instancePath, schemaPath: "#/oneOf/1/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
  }
  var _valid0 = _errs3 === errors;
  if (_valid0 && valid0)
    valid0 = !1, passing0 = [passing0, 1];
  else if (_valid0) {
    valid0 = !0, passing0 = 1;
    var props0 = !0;
  }
  if (valid0)
    errors = _errs0, vErrors !== null && (_errs0 ? vErrors.length = _errs0 : vErrors = null);
  else {
    let err7 = { instancePath, schemaPath: "#/oneOf", keyword: "oneOf", params: { passingSchemas: passing0 } };
    vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
  }
  return validate94.errors = vErrors, evaluated0.props = props0, errors === 0;
}
validate94.evaluated = { dynamicProps: !0, dynamicItems: !1 };
function validate93(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate93.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), data && typeof data == "object" && !Array.isArray(data)) {
    if (data.path === void 0) {
      let err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "path" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    if (data.ref === void 0) {
      let err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "ref" } };
      vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
    }
    for (let key0 in data)
      if (!(key0 === "path" || key0 === "ref" || key0 === "mediaType")) {
        let err2 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
      }
    if (data.path !== void 0 && (validate94(data.path, { instancePath: instancePath + "/path", parentData: data, parentDataProperty: "path", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate94.errors : vErrors.concat(validate94.errors), errors = vErrors.length)), data.ref !== void 0 && (validate89(data.ref, { instancePath: instancePath + "/ref", parentData: data, parentDataProperty: "ref", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate89.errors : vErrors.concat(validate89.errors), errors = vErrors.length)), data.mediaType !== void 0) {
      let data2 = data.mediaType;
      if (typeof data2 == "string") {
        if (func2(data2) > 128) {
          let err3 = { instancePath: instancePath + "/mediaType", schemaPath: "#/properties/mediaType/maxLength", keyword: "maxLength", params: { limit: 128 } };
          vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
        }
      } else {
        let err4 = { instancePath: instancePath + "/mediaType", schemaPath: "#/properties/mediaType/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
      }
    }
  } else {
    let err5 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
  }
  return validate93.errors = vErrors, errors === 0;
}
validate93.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
var schema37 = { $id: "missedOutput.definition", type: "object", additionalProperties: !1, required: ["path", "reason"], properties: { path: { $ref: "filePath.definition" }, bytes: { $ref: "count.definition" }, reason: { enum: ["too-large", "total-too-large", "too-many", "path-too-long", "no-file", "not-readable", "not-stored"] } } };
function validate99(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate99.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), data && typeof data == "object" && !Array.isArray(data)) {
    if (data.path === void 0) {
      let err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "path" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    if (data.reason === void 0) {
      let err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "reason" } };
      vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
    }
    for (let key0 in data)
      if (!(key0 === "path" || key0 === "bytes" || key0 === "reason")) {
        let err2 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
      }
    if (data.path !== void 0 && (validate94(data.path, { instancePath: instancePath + "/path", parentData: data, parentDataProperty: "path", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate94.errors : vErrors.concat(validate94.errors), errors = vErrors.length)), data.bytes !== void 0 && (validate61(data.bytes, { instancePath: instancePath + "/bytes", parentData: data, parentDataProperty: "bytes", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate61.errors : vErrors.concat(validate61.errors), errors = vErrors.length)), data.reason !== void 0) {
      let data2 = data.reason;
      if (!(data2 === "too-large" || data2 === "total-too-large" || data2 === "too-many" || data2 === "path-too-long" || data2 === "no-file" || data2 === "not-readable" || data2 === "not-stored")) {
        let err3 = { instancePath: instancePath + "/reason", schemaPath: "#/properties/reason/enum", keyword: "enum", params: { allowedValues: schema37.properties.reason.enum } };
        vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
      }
    }
  } else {
    let err4 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
  }
  return validate99.errors = vErrors, errors === 0;
}
validate99.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
function validate104(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate104.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), data && typeof data == "object" && !Array.isArray(data)) {
    if (data.set === void 0) {
      let err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "set" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    if (data.removed === void 0) {
      let err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "removed" } };
      vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
    }
    for (let key0 in data)
      if (!(key0 === "set" || key0 === "removed" || key0 === "added")) {
        let err2 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
      }
    if (data.set !== void 0) {
      let data0 = data.set;
      if (data0 && typeof data0 == "object" && !Array.isArray(data0)) {
        if (Object.keys(data0).length > 4096) {
          let err3 = { instancePath: instancePath + "/set", schemaPath: "#/properties/set/maxProperties", keyword: "maxProperties", params: { limit: 4096 } };
          vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
        }
        for (let key1 in data0)
          if (typeof data0[key1] != "string") {
            let err4 = { instancePath: instancePath + "/set/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/set/additionalProperties/type", keyword: "type", params: { type: "string" } };
            vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
          }
      } else {
        let err5 = { instancePath: instancePath + "/set", schemaPath: "#/properties/set/type", keyword: "type", params: { type: "object" } };
        vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
      }
    }
    if (data.removed !== void 0) {
      let data2 = data.removed;
      if (Array.isArray(data2)) {
        if (data2.length > 4096) {
          let err6 = { instancePath: instancePath + "/removed", schemaPath: "#/properties/removed/maxItems", keyword: "maxItems", params: { limit: 4096 } };
          vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
        }
        let len0 = data2.length;
        for (let i0 = 0; i0 < len0; i0++)
          if (typeof data2[i0] != "string") {
            let err7 = { instancePath: instancePath + "/removed/" + i0, schemaPath: "#/properties/removed/items/type", keyword: "type", params: { type: "string" } };
            vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
          }
      } else {
        let err8 = { instancePath: instancePath + "/removed", schemaPath: "#/properties/removed/type", keyword: "type", params: { type: "array" } };
        vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
      }
    }
    if (data.added !== void 0) {
      let data4 = data.added;
      if (Array.isArray(data4)) {
        if (data4.length > 4096) {
          let err9 = { instancePath: instancePath + "/added", schemaPath: "#/properties/added/maxItems", keyword: "maxItems", params: { limit: 4096 } };
          vErrors === null ? vErrors = [err9] : vErrors.push(err9), errors++;
        }
        let len1 = data4.length;
        for (let i1 = 0; i1 < len1; i1++)
          if (typeof data4[i1] != "string") {
            let err10 = { instancePath: instancePath + "/added/" + i1, schemaPath: "#/properties/added/items/type", keyword: "type", params: { type: "string" } };
            vErrors === null ? vErrors = [err10] : vErrors.push(err10), errors++;
          }
      } else {
        let err11 = { instancePath: instancePath + "/added", schemaPath: "#/properties/added/type", keyword: "type", params: { type: "array" } };
        vErrors === null ? vErrors = [err11] : vErrors.push(err11), errors++;
      }
    }
  } else {
    let err12 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err12] : vErrors.push(err12), errors++;
  }
  return validate104.errors = vErrors, errors === 0;
}
validate104.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
var schema39 = { $id: "checkpointRef.definition", type: "object", additionalProperties: !1, required: ["number", "manifest", "state", "parent", "entries", "workspaceBytes"], properties: { number: { $ref: "positive.definition" }, parent: { type: ["integer", "null"], minimum: 1 }, manifest: { $ref: "objectRef.definition" }, state: { oneOf: [{ $ref: "objectRef.definition" }, { type: "null" }] }, tmp: { allOf: [{ $ref: "objectRef.definition" }] }, entries: { $ref: "count.definition" }, workspaceBytes: { $ref: "count.definition" } } };
function validate106(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate106.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), data && typeof data == "object" && !Array.isArray(data)) {
    if (data.number === void 0) {
      let err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "number" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    if (data.manifest === void 0) {
      let err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "manifest" } };
      vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
    }
    if (data.state === void 0) {
      let err2 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "state" } };
      vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
    }
    if (data.parent === void 0) {
      let err3 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "parent" } };
      vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
    }
    if (data.entries === void 0) {
      let err4 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "entries" } };
      vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
    }
    if (data.workspaceBytes === void 0) {
      let err5 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "workspaceBytes" } };
      vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
    }
    for (let key0 in data)
      if (!(key0 === "number" || key0 === "parent" || key0 === "manifest" || key0 === "state" || key0 === "tmp" || key0 === "entries" || key0 === "workspaceBytes")) {
        let err6 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
      }
    if (data.number !== void 0 && (validate67(data.number, { instancePath: instancePath + "/number", parentData: data, parentDataProperty: "number", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate67.errors : vErrors.concat(validate67.errors), errors = vErrors.length)), data.parent !== void 0) {
      let data1 = data.parent;
      if (!(typeof data1 == "number" && !(data1 % 1) && !isNaN(data1) && isFinite(data1)) && data1 !== null) {
        let err7 = { instancePath: instancePath + "/parent", schemaPath: "#/properties/parent/type", keyword: "type", params: { type: schema39.properties.parent.type } };
        vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
      }
      if (typeof data1 == "number" && isFinite(data1) && (data1 < 1 || isNaN(data1))) {
        let err8 = { instancePath: instancePath + "/parent", schemaPath: "#/properties/parent/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 } };
        vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
      }
    }
    if (data.manifest !== void 0 && (validate89(data.manifest, { instancePath: instancePath + "/manifest", parentData: data, parentDataProperty: "manifest", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate89.errors : vErrors.concat(validate89.errors), errors = vErrors.length)), data.state !== void 0) {
      let data3 = data.state, _errs7 = errors, valid1 = !1, passing0 = null, _errs8 = errors;
      validate89(data3, { instancePath: instancePath + "/state", parentData: data, parentDataProperty: "state", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate89.errors : vErrors.concat(validate89.errors), errors = vErrors.length);
      var _valid0 = _errs8 === errors;
      _valid0 && (valid1 = !0, passing0 = 0);
      let _errs9 = errors;
      if (data3 !== null) {
        let err9 = { instancePath: instancePath + "/state", schemaPath: "#/properties/state/oneOf/1/type", keyword: "type", params: { type: "null" } };
        vErrors === null ? vErrors = [err9] : vErrors.push(err9), errors++;
      }
      var _valid0 = _errs9 === errors;
      if (_valid0 && valid1 ? (valid1 = !1, passing0 = [passing0, 1]) : _valid0 && (valid1 = !0, passing0 = 1), valid1)
        errors = _errs7, vErrors !== null && (_errs7 ? vErrors.length = _errs7 : vErrors = null);
      else {
        let err10 = { instancePath: instancePath + "/state", schemaPath: "#/properties/state/oneOf", keyword: "oneOf", params: { passingSchemas: passing0 } };
        vErrors === null ? vErrors = [err10] : vErrors.push(err10), errors++;
      }
    }
    data.tmp !== void 0 && (validate89(data.tmp, { instancePath: instancePath + "/tmp", parentData: data, parentDataProperty: "tmp", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate89.errors : vErrors.concat(validate89.errors), errors = vErrors.length)), data.entries !== void 0 && (validate61(data.entries, { instancePath: instancePath + "/entries", parentData: data, parentDataProperty: "entries", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate61.errors : vErrors.concat(validate61.errors), errors = vErrors.length)), data.workspaceBytes !== void 0 && (validate61(data.workspaceBytes, { instancePath: instancePath + "/workspaceBytes", parentData: data, parentDataProperty: "workspaceBytes", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate61.errors : vErrors.concat(validate61.errors), errors = vErrors.length));
  } else {
    let err11 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err11] : vErrors.push(err11), errors++;
  }
  return validate106.errors = vErrors, errors === 0;
}
validate106.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
var schema41 = { $id: "changedFile.definition", type: "object", additionalProperties: !1, required: ["path", "change"], properties: { path: { type: "string" }, change: { enum: ["added", "modified", "deleted"] }, bytes: { $ref: "count.definition" } } };
function validate118(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate118.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), data && typeof data == "object" && !Array.isArray(data)) {
    if (data.path === void 0) {
      let err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "path" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    if (data.change === void 0) {
      let err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "change" } };
      vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
    }
    for (let key0 in data)
      if (!(key0 === "path" || key0 === "change" || key0 === "bytes")) {
        let err2 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
      }
    if (data.path !== void 0 && typeof data.path != "string") {
      let err3 = { instancePath: instancePath + "/path", schemaPath: "#/properties/path/type", keyword: "type", params: { type: "string" } };
      vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
    }
    if (data.change !== void 0) {
      let data1 = data.change;
      if (!(data1 === "added" || data1 === "modified" || data1 === "deleted")) {
        let err4 = { instancePath: instancePath + "/change", schemaPath: "#/properties/change/enum", keyword: "enum", params: { allowedValues: schema41.properties.change.enum } };
        vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
      }
    }
    data.bytes !== void 0 && (validate61(data.bytes, { instancePath: instancePath + "/bytes", parentData: data, parentDataProperty: "bytes", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate61.errors : vErrors.concat(validate61.errors), errors = vErrors.length));
  } else {
    let err5 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
  }
  return validate118.errors = vErrors, errors === 0;
}
validate118.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
function validate114(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate114.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), data && typeof data == "object" && !Array.isArray(data)) {
    if (data.added === void 0) {
      let err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "added" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    if (data.modified === void 0) {
      let err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "modified" } };
      vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
    }
    if (data.deleted === void 0) {
      let err2 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "deleted" } };
      vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
    }
    for (let key0 in data)
      if (!(key0 === "added" || key0 === "modified" || key0 === "deleted" || key0 === "files")) {
        let err3 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
      }
    if (data.added !== void 0 && (validate61(data.added, { instancePath: instancePath + "/added", parentData: data, parentDataProperty: "added", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate61.errors : vErrors.concat(validate61.errors), errors = vErrors.length)), data.modified !== void 0 && (validate61(data.modified, { instancePath: instancePath + "/modified", parentData: data, parentDataProperty: "modified", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate61.errors : vErrors.concat(validate61.errors), errors = vErrors.length)), data.deleted !== void 0 && (validate61(data.deleted, { instancePath: instancePath + "/deleted", parentData: data, parentDataProperty: "deleted", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate61.errors : vErrors.concat(validate61.errors), errors = vErrors.length)), data.files !== void 0) {
      let data3 = data.files;
      if (Array.isArray(data3)) {
        if (data3.length > 100) {
          let err4 = { instancePath: instancePath + "/files", schemaPath: "#/properties/files/maxItems", keyword: "maxItems", params: { limit: 100 } };
          vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
        }
        let len0 = data3.length;
        for (let i0 = 0; i0 < len0; i0++)
          validate118(data3[i0], { instancePath: instancePath + "/files/" + i0, parentData: data3, parentDataProperty: i0, rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate118.errors : vErrors.concat(validate118.errors), errors = vErrors.length);
      } else {
        let err5 = { instancePath: instancePath + "/files", schemaPath: "#/properties/files/type", keyword: "type", params: { type: "array" } };
        vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
      }
    }
  } else {
    let err6 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
  }
  return validate114.errors = vErrors, errors === 0;
}
validate114.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
function validate122(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate122.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), typeof data == "number" && isFinite(data)) {
    if (data < 0 || isNaN(data)) {
      let err0 = { instancePath, schemaPath: "#/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
  } else {
    let err1 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "number" } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  return validate122.errors = vErrors, errors === 0;
}
validate122.evaluated = { dynamicProps: !1, dynamicItems: !1 };
var schema43 = { $id: "refusedConnections.definition", type: "object", additionalProperties: !1, required: ["host", "port", "reason", "count"], properties: { host: { type: "string", maxLength: 253 }, port: { type: "integer", minimum: 0, maximum: 65535 }, reason: { enum: ["no-network", "not-allowed", "not-public", "port-closed", "unclear-host"] }, count: { $ref: "positive.definition" } } };
function validate126(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate126.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), data && typeof data == "object" && !Array.isArray(data)) {
    if (data.host === void 0) {
      let err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "host" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    if (data.port === void 0) {
      let err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "port" } };
      vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
    }
    if (data.reason === void 0) {
      let err2 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "reason" } };
      vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
    }
    if (data.count === void 0) {
      let err3 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "count" } };
      vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
    }
    for (let key0 in data)
      if (!(key0 === "host" || key0 === "port" || key0 === "reason" || key0 === "count")) {
        let err4 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
      }
    if (data.host !== void 0) {
      let data0 = data.host;
      if (typeof data0 == "string") {
        if (func2(data0) > 253) {
          let err5 = { instancePath: instancePath + "/host", schemaPath: "#/properties/host/maxLength", keyword: "maxLength", params: { limit: 253 } };
          vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
        }
      } else {
        let err6 = { instancePath: instancePath + "/host", schemaPath: "#/properties/host/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
      }
    }
    if (data.port !== void 0) {
      let data1 = data.port;
      if (!(typeof data1 == "number" && !(data1 % 1) && !isNaN(data1) && isFinite(data1))) {
        let err7 = { instancePath: instancePath + "/port", schemaPath: "#/properties/port/type", keyword: "type", params: { type: "integer" } };
        vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
      }
      if (typeof data1 == "number" && isFinite(data1)) {
        if (data1 > 65535 || isNaN(data1)) {
          let err8 = { instancePath: instancePath + "/port", schemaPath: "#/properties/port/maximum", keyword: "maximum", params: { comparison: "<=", limit: 65535 } };
          vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
        }
        if (data1 < 0 || isNaN(data1)) {
          let err9 = { instancePath: instancePath + "/port", schemaPath: "#/properties/port/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 } };
          vErrors === null ? vErrors = [err9] : vErrors.push(err9), errors++;
        }
      }
    }
    if (data.reason !== void 0) {
      let data2 = data.reason;
      if (!(data2 === "no-network" || data2 === "not-allowed" || data2 === "not-public" || data2 === "port-closed" || data2 === "unclear-host")) {
        let err10 = { instancePath: instancePath + "/reason", schemaPath: "#/properties/reason/enum", keyword: "enum", params: { allowedValues: schema43.properties.reason.enum } };
        vErrors === null ? vErrors = [err10] : vErrors.push(err10), errors++;
      }
    }
    data.count !== void 0 && (validate67(data.count, { instancePath: instancePath + "/count", parentData: data, parentDataProperty: "count", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate67.errors : vErrors.concat(validate67.errors), errors = vErrors.length));
  } else {
    let err11 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err11] : vErrors.push(err11), errors++;
  }
  return validate126.errors = vErrors, errors === 0;
}
validate126.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
function validate130(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate130.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), data && typeof data == "object" && !Array.isArray(data)) {
    if (data.port === void 0) {
      let err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "port" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    if (data.address === void 0) {
      let err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "address" } };
      vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
    }
    for (let key0 in data)
      if (!(key0 === "port" || key0 === "address")) {
        let err2 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
      }
    if (data.port !== void 0) {
      let data0 = data.port;
      if (!(typeof data0 == "number" && !(data0 % 1) && !isNaN(data0) && isFinite(data0))) {
        let err3 = { instancePath: instancePath + "/port", schemaPath: "#/properties/port/type", keyword: "type", params: { type: "integer" } };
        vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
      }
      if (typeof data0 == "number" && isFinite(data0)) {
        if (data0 > 65535 || isNaN(data0)) {
          let err4 = { instancePath: instancePath + "/port", schemaPath: "#/properties/port/maximum", keyword: "maximum", params: { comparison: "<=", limit: 65535 } };
          vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
        }
        if (data0 < 1 || isNaN(data0)) {
          let err5 = { instancePath: instancePath + "/port", schemaPath: "#/properties/port/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 } };
          vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
        }
      }
    }
    if (data.address !== void 0) {
      let data1 = data.address;
      if (typeof data1 == "string") {
        if (func2(data1) > 45) {
          let err6 = { instancePath: instancePath + "/address", schemaPath: "#/properties/address/maxLength", keyword: "maxLength", params: { limit: 45 } };
          vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
        }
      } else {
        let err7 = { instancePath: instancePath + "/address", schemaPath: "#/properties/address/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
      }
    }
  } else {
    let err8 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
  }
  return validate130.errors = vErrors, errors === 0;
}
validate130.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
var schema45 = { $id: "heldLimit.definition", type: "object", additionalProperties: !1, required: ["value", "heldBy"], properties: { value: { $ref: "positive.definition" }, heldBy: { enum: ["cgroup-v2", "cgroup-v1", "rlimit", "tmpfs", "polled", "executor", "none"] } } };
function validate132(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate132.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), data && typeof data == "object" && !Array.isArray(data)) {
    if (data.value === void 0) {
      let err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "value" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    if (data.heldBy === void 0) {
      let err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "heldBy" } };
      vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
    }
    for (let key0 in data)
      if (!(key0 === "value" || key0 === "heldBy")) {
        let err2 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
      }
    if (data.value !== void 0 && (validate67(data.value, { instancePath: instancePath + "/value", parentData: data, parentDataProperty: "value", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate67.errors : vErrors.concat(validate67.errors), errors = vErrors.length)), data.heldBy !== void 0) {
      let data1 = data.heldBy;
      if (!(data1 === "cgroup-v2" || data1 === "cgroup-v1" || data1 === "rlimit" || data1 === "tmpfs" || data1 === "polled" || data1 === "executor" || data1 === "none")) {
        let err3 = { instancePath: instancePath + "/heldBy", schemaPath: "#/properties/heldBy/enum", keyword: "enum", params: { allowedValues: schema45.properties.heldBy.enum } };
        vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
      }
    }
  } else {
    let err4 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
  }
  return validate132.errors = vErrors, errors === 0;
}
validate132.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
var schema46 = { $id: "limitName.definition", enum: ["timeoutMs", "idleOutputMs", "cpuMs", "memoryMb", "pids", "openFiles", "fileMb", "workspaceMb", "workspaceFiles", "tmpMb", "outputBytes"] };
function validate135(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate135.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), !(data === "timeoutMs" || data === "idleOutputMs" || data === "cpuMs" || data === "memoryMb" || data === "pids" || data === "openFiles" || data === "fileMb" || data === "workspaceMb" || data === "workspaceFiles" || data === "tmpMb" || data === "outputBytes")) {
    let err0 = { instancePath, schemaPath: "#/enum", keyword: "enum", params: { allowedValues: schema46.enum } };
    vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
  }
  return validate135.errors = vErrors, errors === 0;
}
validate135.evaluated = { dynamicProps: !1, dynamicItems: !1 };
function validate144(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate144.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), Array.isArray(data)) {
    if (data.length > 64) {
      let err0 = { instancePath, schemaPath: "#/maxItems", keyword: "maxItems", params: { limit: 64 } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    let len0 = data.length;
    for (let i0 = 0; i0 < len0; i0++)
      validate69(data[i0], { instancePath: instancePath + "/" + i0, parentData: data, parentDataProperty: i0, rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate69.errors : vErrors.concat(validate69.errors), errors = vErrors.length);
  } else {
    let err1 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "array" } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  return validate144.errors = vErrors, errors === 0;
}
validate144.evaluated = { items: !0, dynamicProps: !1, dynamicItems: !1 };
var pattern13 = new RegExp("^[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|[12][0-9]))T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,9})?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])$", "u");
function validate148(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate148.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), typeof data == "string") {
    if (!pattern13.test(data)) {
      let err0 = { instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|[12][0-9]))T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,9})?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])$" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
  } else {
    let err1 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  return validate148.errors = vErrors, errors === 0;
}
validate148.evaluated = { dynamicProps: !1, dynamicItems: !1 };
var pattern14 = new RegExp("^[a-z][a-z0-9_-]{0,62}$", "u");
function validate151(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate151.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), data && typeof data == "object" && !Array.isArray(data)) {
    if (Object.keys(data).length > 32) {
      let err0 = { instancePath, schemaPath: "#/maxProperties", keyword: "maxProperties", params: { limit: 32 } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    for (let key0 in data) {
      let _errs1 = errors;
      if (typeof key0 == "string" && !pattern14.test(key0)) {
        let err1 = { instancePath, schemaPath: "#/propertyNames/pattern", keyword: "pattern", params: { pattern: "^[a-z][a-z0-9_-]{0,62}$" }, propertyName: key0 };
        vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
      }
      var valid0 = _errs1 === errors;
      if (!valid0) {
        let err2 = { instancePath, schemaPath: "#/propertyNames", keyword: "propertyNames", params: { propertyName: key0 } };
        vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
      }
    }
    for (let key1 in data) {
      let data0 = data[key1];
      if (typeof data0 == "string") {
        if (func2(data0) > 256) {
          let err3 = { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/additionalProperties/maxLength", keyword: "maxLength", params: { limit: 256 } };
          vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
        }
      } else {
        let err4 = { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/additionalProperties/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
      }
    }
  } else {
    let err5 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
  }
  return validate151.errors = vErrors, errors === 0;
}
validate151.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
var schema50 = { $id: "replayOf.definition", type: "object", additionalProperties: !1, required: ["executionId", "deadLetterId"], properties: { executionId: { type: ["string", "null"] }, deadLetterId: { type: "string" }, reason: { $ref: "remark.definition" }, depth: { $ref: "positive.definition" } } };
function validate153(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate153.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), data && typeof data == "object" && !Array.isArray(data)) {
    if (data.executionId === void 0) {
      let err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "executionId" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    if (data.deadLetterId === void 0) {
      let err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "deadLetterId" } };
      vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
    }
    for (let key0 in data)
      if (!(key0 === "executionId" || key0 === "deadLetterId" || key0 === "reason" || key0 === "depth")) {
        let err2 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
      }
    if (data.executionId !== void 0) {
      let data0 = data.executionId;
      if (typeof data0 != "string" && data0 !== null) {
        let err3 = { instancePath: instancePath + "/executionId", schemaPath: "#/properties/executionId/type", keyword: "type", params: { type: schema50.properties.executionId.type } };
        vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
      }
    }
    if (data.deadLetterId !== void 0 && typeof data.deadLetterId != "string") {
      let err4 = { instancePath: instancePath + "/deadLetterId", schemaPath: "#/properties/deadLetterId/type", keyword: "type", params: { type: "string" } };
      vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
    }
    data.reason !== void 0 && (validate69(data.reason, { instancePath: instancePath + "/reason", parentData: data, parentDataProperty: "reason", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate69.errors : vErrors.concat(validate69.errors), errors = vErrors.length)), data.depth !== void 0 && (validate67(data.depth, { instancePath: instancePath + "/depth", parentData: data, parentDataProperty: "depth", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate67.errors : vErrors.concat(validate67.errors), errors = vErrors.length));
  } else {
    let err5 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
  }
  return validate153.errors = vErrors, errors === 0;
}
validate153.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
var pattern12 = new RegExp("^[0-7]{3,4}$", "u");
function validate52(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate52.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), data && typeof data == "object" && !Array.isArray(data)) {
    if (data.executionId === void 0) {
      let err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "executionId" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    if (data.sessionId === void 0) {
      let err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "sessionId" } };
      vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
    }
    if (data.tenantId === void 0) {
      let err2 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "tenantId" } };
      vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
    }
    if (data.generation === void 0) {
      let err3 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "generation" } };
      vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
    }
    if (data.leaseId === void 0) {
      let err4 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "leaseId" } };
      vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
    }
    if (data.epoch === void 0) {
      let err5 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "epoch" } };
      vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
    }
    if (data.outcome === void 0) {
      let err6 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "outcome" } };
      vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
    }
    if (data.status === void 0) {
      let err7 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "status" } };
      vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
    }
    if (data.exitCode === void 0) {
      let err8 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "exitCode" } };
      vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
    }
    if (data.signal === void 0) {
      let err9 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "signal" } };
      vErrors === null ? vErrors = [err9] : vErrors.push(err9), errors++;
    }
    if (data.stdout === void 0) {
      let err10 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "stdout" } };
      vErrors === null ? vErrors = [err10] : vErrors.push(err10), errors++;
    }
    if (data.stderr === void 0) {
      let err11 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "stderr" } };
      vErrors === null ? vErrors = [err11] : vErrors.push(err11), errors++;
    }
    if (data.outputBytes === void 0) {
      let err12 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "outputBytes" } };
      vErrors === null ? vErrors = [err12] : vErrors.push(err12), errors++;
    }
    if (data.truncated === void 0) {
      let err13 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "truncated" } };
      vErrors === null ? vErrors = [err13] : vErrors.push(err13), errors++;
    }
    if (data.newState === void 0) {
      let err14 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "newState" } };
      vErrors === null ? vErrors = [err14] : vErrors.push(err14), errors++;
    }
    if (data.stateCaptured === void 0) {
      let err15 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "stateCaptured" } };
      vErrors === null ? vErrors = [err15] : vErrors.push(err15), errors++;
    }
    if (data.wall === void 0) {
      let err16 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "wall" } };
      vErrors === null ? vErrors = [err16] : vErrors.push(err16), errors++;
    }
    if (data.stages === void 0) {
      let err17 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "stages" } };
      vErrors === null ? vErrors = [err17] : vErrors.push(err17), errors++;
    }
    if (data.finishedAt === void 0) {
      let err18 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "finishedAt" } };
      vErrors === null ? vErrors = [err18] : vErrors.push(err18), errors++;
    }
    for (let key0 in data)
      if (!func1.call(schema19.properties, key0)) {
        let err19 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err19] : vErrors.push(err19), errors++;
      }
    if (data.version !== void 0 && (validate53(data.version, { instancePath: instancePath + "/version", parentData: data, parentDataProperty: "version", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate53.errors : vErrors.concat(validate53.errors), errors = vErrors.length)), data.executionId !== void 0 && (validate55(data.executionId, { instancePath: instancePath + "/executionId", parentData: data, parentDataProperty: "executionId", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate55.errors : vErrors.concat(validate55.errors), errors = vErrors.length)), data.sessionId !== void 0 && (validate57(data.sessionId, { instancePath: instancePath + "/sessionId", parentData: data, parentDataProperty: "sessionId", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate57.errors : vErrors.concat(validate57.errors), errors = vErrors.length)), data.tenantId !== void 0 && (validate59(data.tenantId, { instancePath: instancePath + "/tenantId", parentData: data, parentDataProperty: "tenantId", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate59.errors : vErrors.concat(validate59.errors), errors = vErrors.length)), data.generation !== void 0 && (validate61(data.generation, { instancePath: instancePath + "/generation", parentData: data, parentDataProperty: "generation", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate61.errors : vErrors.concat(validate61.errors), errors = vErrors.length)), data.leaseId !== void 0) {
      let data5 = data.leaseId, _errs8 = errors, valid1 = !1, passing0 = null, _errs9 = errors;
      validate63(data5, { instancePath: instancePath + "/leaseId", parentData: data, parentDataProperty: "leaseId", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate63.errors : vErrors.concat(validate63.errors), errors = vErrors.length);
      var _valid0 = _errs9 === errors;
      _valid0 && (valid1 = !0, passing0 = 0);
      let _errs10 = errors;
      if (data5 !== null) {
        let err20 = { instancePath: instancePath + "/leaseId", schemaPath: "#/properties/leaseId/oneOf/1/type", keyword: "type", params: { type: "null" } };
        vErrors === null ? vErrors = [err20] : vErrors.push(err20), errors++;
      }
      var _valid0 = _errs10 === errors;
      if (_valid0 && valid1 ? (valid1 = !1, passing0 = [passing0, 1]) : _valid0 && (valid1 = !0, passing0 = 1), valid1)
        errors = _errs8, vErrors !== null && (_errs8 ? vErrors.length = _errs8 : vErrors = null);
      else {
        let err21 = { instancePath: instancePath + "/leaseId", schemaPath: "#/properties/leaseId/oneOf", keyword: "oneOf", params: { passingSchemas: passing0 } };
        vErrors === null ? vErrors = [err21] : vErrors.push(err21), errors++;
      }
    }
    if (data.epoch !== void 0 && (validate61(data.epoch, { instancePath: instancePath + "/epoch", parentData: data, parentDataProperty: "epoch", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate61.errors : vErrors.concat(validate61.errors), errors = vErrors.length)), data.outcome !== void 0 && (validate66(data.outcome, { instancePath: instancePath + "/outcome", parentData: data, parentDataProperty: "outcome", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate66.errors : vErrors.concat(validate66.errors), errors = vErrors.length)), data.status !== void 0 && (validate75(data.status, { instancePath: instancePath + "/status", parentData: data, parentDataProperty: "status", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate75.errors : vErrors.concat(validate75.errors), errors = vErrors.length)), data.exitCode !== void 0 && (validate77(data.exitCode, { instancePath: instancePath + "/exitCode", parentData: data, parentDataProperty: "exitCode", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate77.errors : vErrors.concat(validate77.errors), errors = vErrors.length)), data.signal !== void 0 && (validate79(data.signal, { instancePath: instancePath + "/signal", parentData: data, parentDataProperty: "signal", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate79.errors : vErrors.concat(validate79.errors), errors = vErrors.length)), data.stdout !== void 0 && typeof data.stdout != "string") {
      let err22 = { instancePath: instancePath + "/stdout", schemaPath: "#/properties/stdout/type", keyword: "type", params: { type: "string" } };
      vErrors === null ? vErrors = [err22] : vErrors.push(err22), errors++;
    }
    if (data.stderr !== void 0 && typeof data.stderr != "string") {
      let err23 = { instancePath: instancePath + "/stderr", schemaPath: "#/properties/stderr/type", keyword: "type", params: { type: "string" } };
      vErrors === null ? vErrors = [err23] : vErrors.push(err23), errors++;
    }
    if (data.stdoutBase64 !== void 0 && (validate81(data.stdoutBase64, { instancePath: instancePath + "/stdoutBase64", parentData: data, parentDataProperty: "stdoutBase64", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate81.errors : vErrors.concat(validate81.errors), errors = vErrors.length)), data.stderrBase64 !== void 0 && (validate81(data.stderrBase64, { instancePath: instancePath + "/stderrBase64", parentData: data, parentDataProperty: "stderrBase64", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate81.errors : vErrors.concat(validate81.errors), errors = vErrors.length)), data.outputBytes !== void 0 && (validate84(data.outputBytes, { instancePath: instancePath + "/outputBytes", parentData: data, parentDataProperty: "outputBytes", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate84.errors : vErrors.concat(validate84.errors), errors = vErrors.length)), data.discardedBytes !== void 0 && (validate84(data.discardedBytes, { instancePath: instancePath + "/discardedBytes", parentData: data, parentDataProperty: "discardedBytes", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate84.errors : vErrors.concat(validate84.errors), errors = vErrors.length)), data.truncated !== void 0) {
      let data17 = data.truncated;
      if (data17 && typeof data17 == "object" && !Array.isArray(data17)) {
        if (data17.stdout === void 0) {
          let err24 = { instancePath: instancePath + "/truncated", schemaPath: "#/properties/truncated/required", keyword: "required", params: { missingProperty: "stdout" } };
          vErrors === null ? vErrors = [err24] : vErrors.push(err24), errors++;
        }
        if (data17.stderr === void 0) {
          let err25 = { instancePath: instancePath + "/truncated", schemaPath: "#/properties/truncated/required", keyword: "required", params: { missingProperty: "stderr" } };
          vErrors === null ? vErrors = [err25] : vErrors.push(err25), errors++;
        }
        for (let key1 in data17)
          if (!(key1 === "stdout" || key1 === "stderr")) {
            let err26 = { instancePath: instancePath + "/truncated", schemaPath: "#/properties/truncated/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key1 } };
            vErrors === null ? vErrors = [err26] : vErrors.push(err26), errors++;
          }
        if (data17.stdout !== void 0 && typeof data17.stdout != "boolean") {
          let err27 = { instancePath: instancePath + "/truncated/stdout", schemaPath: "#/properties/truncated/properties/stdout/type", keyword: "type", params: { type: "boolean" } };
          vErrors === null ? vErrors = [err27] : vErrors.push(err27), errors++;
        }
        if (data17.stderr !== void 0 && typeof data17.stderr != "boolean") {
          let err28 = { instancePath: instancePath + "/truncated/stderr", schemaPath: "#/properties/truncated/properties/stderr/type", keyword: "type", params: { type: "boolean" } };
          vErrors === null ? vErrors = [err28] : vErrors.push(err28), errors++;
        }
      } else {
        let err29 = { instancePath: instancePath + "/truncated", schemaPath: "#/properties/truncated/type", keyword: "type", params: { type: "object" } };
        vErrors === null ? vErrors = [err29] : vErrors.push(err29), errors++;
      }
    }
    if (data.outputRefs !== void 0) {
      let data20 = data.outputRefs;
      if (data20 && typeof data20 == "object" && !Array.isArray(data20)) {
        for (let key2 in data20)
          if (!(key2 === "stdout" || key2 === "stderr")) {
            let err30 = { instancePath: instancePath + "/outputRefs", schemaPath: "#/properties/outputRefs/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key2 } };
            vErrors === null ? vErrors = [err30] : vErrors.push(err30), errors++;
          }
        data20.stdout !== void 0 && (validate89(data20.stdout, { instancePath: instancePath + "/outputRefs/stdout", parentData: data20, parentDataProperty: "stdout", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate89.errors : vErrors.concat(validate89.errors), errors = vErrors.length)), data20.stderr !== void 0 && (validate89(data20.stderr, { instancePath: instancePath + "/outputRefs/stderr", parentData: data20, parentDataProperty: "stderr", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate89.errors : vErrors.concat(validate89.errors), errors = vErrors.length));
      } else {
        let err31 = { instancePath: instancePath + "/outputRefs", schemaPath: "#/properties/outputRefs/type", keyword: "type", params: { type: "object" } };
        vErrors === null ? vErrors = [err31] : vErrors.push(err31), errors++;
      }
    }
    if (data.outputs !== void 0) {
      let data23 = data.outputs;
      if (data23 && typeof data23 == "object" && !Array.isArray(data23)) {
        if (data23.files === void 0) {
          let err32 = { instancePath: instancePath + "/outputs", schemaPath: "#/properties/outputs/required", keyword: "required", params: { missingProperty: "files" } };
          vErrors === null ? vErrors = [err32] : vErrors.push(err32), errors++;
        }
        if (data23.missed === void 0) {
          let err33 = { instancePath: instancePath + "/outputs", schemaPath: "#/properties/outputs/required", keyword: "required", params: { missingProperty: "missed" } };
          vErrors === null ? vErrors = [err33] : vErrors.push(err33), errors++;
        }
        if (data23.more === void 0) {
          let err34 = { instancePath: instancePath + "/outputs", schemaPath: "#/properties/outputs/required", keyword: "required", params: { missingProperty: "more" } };
          vErrors === null ? vErrors = [err34] : vErrors.push(err34), errors++;
        }
        for (let key3 in data23)
          if (!(key3 === "files" || key3 === "missed" || key3 === "more")) {
            let err35 = { instancePath: instancePath + "/outputs", schemaPath: "#/properties/outputs/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key3 } };
            vErrors === null ? vErrors = [err35] : vErrors.push(err35), errors++;
          }
        if (data23.files !== void 0) {
          let data24 = data23.files;
          if (Array.isArray(data24)) {
            if (data24.length > 256) {
              let err36 = { instancePath: instancePath + "/outputs/files", schemaPath: "#/properties/outputs/properties/files/maxItems", keyword: "maxItems", params: { limit: 256 } };
              vErrors === null ? vErrors = [err36] : vErrors.push(err36), errors++;
            }
            let len0 = data24.length;
            for (let i0 = 0; i0 < len0; i0++)
              validate93(data24[i0], { instancePath: instancePath + "/outputs/files/" + i0, parentData: data24, parentDataProperty: i0, rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate93.errors : vErrors.concat(validate93.errors), errors = vErrors.length);
          } else {
            let err37 = { instancePath: instancePath + "/outputs/files", schemaPath: "#/properties/outputs/properties/files/type", keyword: "type", params: { type: "array" } };
            vErrors === null ? vErrors = [err37] : vErrors.push(err37), errors++;
          }
        }
        if (data23.missed !== void 0) {
          let data26 = data23.missed;
          if (Array.isArray(data26)) {
            if (data26.length > 32) {
              let err38 = { instancePath: instancePath + "/outputs/missed", schemaPath: "#/properties/outputs/properties/missed/maxItems", keyword: "maxItems", params: { limit: 32 } };
              vErrors === null ? vErrors = [err38] : vErrors.push(err38), errors++;
            }
            let len1 = data26.length;
            for (let i1 = 0; i1 < len1; i1++)
              validate99(data26[i1], { instancePath: instancePath + "/outputs/missed/" + i1, parentData: data26, parentDataProperty: i1, rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate99.errors : vErrors.concat(validate99.errors), errors = vErrors.length);
          } else {
            let err39 = { instancePath: instancePath + "/outputs/missed", schemaPath: "#/properties/outputs/properties/missed/type", keyword: "type", params: { type: "array" } };
            vErrors === null ? vErrors = [err39] : vErrors.push(err39), errors++;
          }
        }
        data23.more !== void 0 && (validate61(data23.more, { instancePath: instancePath + "/outputs/more", parentData: data23, parentDataProperty: "more", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate61.errors : vErrors.concat(validate61.errors), errors = vErrors.length));
      } else {
        let err40 = { instancePath: instancePath + "/outputs", schemaPath: "#/properties/outputs/type", keyword: "type", params: { type: "object" } };
        vErrors === null ? vErrors = [err40] : vErrors.push(err40), errors++;
      }
    }
    if (data.newState !== void 0) {
      let data29 = data.newState, _errs48 = errors, valid9 = !1, passing1 = null, _errs49 = errors;
      if (data29 && typeof data29 == "object" && !Array.isArray(data29)) {
        if (data29.cwd === void 0) {
          let err41 = { instancePath: instancePath + "/newState", schemaPath: "#/properties/newState/oneOf/0/required", keyword: "required", params: { missingProperty: "cwd" } };
          vErrors === null ? vErrors = [err41] : vErrors.push(err41), errors++;
        }
        if (data29.env === void 0) {
          let err42 = { instancePath: instancePath + "/newState", schemaPath: "#/properties/newState/oneOf/0/required", keyword: "required", params: { missingProperty: "env" } };
          vErrors === null ? vErrors = [err42] : vErrors.push(err42), errors++;
        }
        if (data29.services === void 0) {
          let err43 = { instancePath: instancePath + "/newState", schemaPath: "#/properties/newState/oneOf/0/required", keyword: "required", params: { missingProperty: "services" } };
          vErrors === null ? vErrors = [err43] : vErrors.push(err43), errors++;
        }
        if (data29.checkpoint === void 0) {
          let err44 = { instancePath: instancePath + "/newState", schemaPath: "#/properties/newState/oneOf/0/required", keyword: "required", params: { missingProperty: "checkpoint" } };
          vErrors === null ? vErrors = [err44] : vErrors.push(err44), errors++;
        }
        for (let key4 in data29)
          if (!(key4 === "cwd" || key4 === "umask" || key4 === "env" || key4 === "services" || key4 === "checkpoint" || key4 === "filesChanged")) {
            let err45 = { instancePath: instancePath + "/newState", schemaPath: "#/properties/newState/oneOf/0/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key4 } };
            vErrors === null ? vErrors = [err45] : vErrors.push(err45), errors++;
          }
        if (data29.cwd !== void 0 && typeof data29.cwd != "string") {
          let err46 = { instancePath: instancePath + "/newState/cwd", schemaPath: "#/properties/newState/oneOf/0/properties/cwd/type", keyword: "type", params: { type: "string" } };
          vErrors === null ? vErrors = [err46] : vErrors.push(err46), errors++;
        }
        if (data29.umask !== void 0) {
          let data31 = data29.umask;
          if (typeof data31 == "string") {
            if (!pattern12.test(data31)) {
              let err47 = { instancePath: instancePath + "/newState/umask", schemaPath: "#/properties/newState/oneOf/0/properties/umask/pattern", keyword: "pattern", params: { pattern: "^[0-7]{3,4}$" } };
              vErrors === null ? vErrors = [err47] : vErrors.push(err47), errors++;
            }
          } else {
            let err48 = { instancePath: instancePath + "/newState/umask", schemaPath: "#/properties/newState/oneOf/0/properties/umask/type", keyword: "type", params: { type: "string" } };
            vErrors === null ? vErrors = [err48] : vErrors.push(err48), errors++;
          }
        }
        if (data29.env !== void 0 && (validate104(data29.env, { instancePath: instancePath + "/newState/env", parentData: data29, parentDataProperty: "env", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate104.errors : vErrors.concat(validate104.errors), errors = vErrors.length)), data29.services !== void 0) {
          let data33 = data29.services;
          if (Array.isArray(data33)) {
            let len2 = data33.length;
            for (let i2 = 0; i2 < len2; i2++)
              if (typeof data33[i2] != "string") {
                let err49 = { instancePath: instancePath + "/newState/services/" + i2, schemaPath: "#/properties/newState/oneOf/0/properties/services/items/type", keyword: "type", params: { type: "string" } };
                vErrors === null ? vErrors = [err49] : vErrors.push(err49), errors++;
              }
          } else {
            let err50 = { instancePath: instancePath + "/newState/services", schemaPath: "#/properties/newState/oneOf/0/properties/services/type", keyword: "type", params: { type: "array" } };
            vErrors === null ? vErrors = [err50] : vErrors.push(err50), errors++;
          }
        }
        if (data29.checkpoint !== void 0) {
          let data35 = data29.checkpoint, _errs62 = errors, valid13 = !1, passing2 = null, _errs63 = errors;
          validate106(data35, { instancePath: instancePath + "/newState/checkpoint", parentData: data29, parentDataProperty: "checkpoint", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate106.errors : vErrors.concat(validate106.errors), errors = vErrors.length);
          var _valid2 = _errs63 === errors;
          _valid2 && (valid13 = !0, passing2 = 0);
          let _errs64 = errors;
          if (data35 !== null) {
            let err51 = { instancePath: instancePath + "/newState/checkpoint", schemaPath: "#/properties/newState/oneOf/0/properties/checkpoint/oneOf/1/type", keyword: "type", params: { type: "null" } };
            vErrors === null ? vErrors = [err51] : vErrors.push(err51), errors++;
          }
          var _valid2 = _errs64 === errors;
          if (_valid2 && valid13 ? (valid13 = !1, passing2 = [passing2, 1]) : _valid2 && (valid13 = !0, passing2 = 1), valid13)
            errors = _errs62, vErrors !== null && (_errs62 ? vErrors.length = _errs62 : vErrors = null);
          else {
            let err52 = { instancePath: instancePath + "/newState/checkpoint", schemaPath: "#/properties/newState/oneOf/0/properties/checkpoint/oneOf", keyword: "oneOf", params: { passingSchemas: passing2 } };
            vErrors === null ? vErrors = [err52] : vErrors.push(err52), errors++;
          }
        }
        data29.filesChanged !== void 0 && (validate114(data29.filesChanged, { instancePath: instancePath + "/newState/filesChanged", parentData: data29, parentDataProperty: "filesChanged", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate114.errors : vErrors.concat(validate114.errors), errors = vErrors.length));
      } else {
        let err53 = { instancePath: instancePath + "/newState", schemaPath: "#/properties/newState/oneOf/0/type", keyword: "type", params: { type: "object" } };
        vErrors === null ? vErrors = [err53] : vErrors.push(err53), errors++;
      }
      var _valid1 = _errs49 === errors;
      _valid1 && (valid9 = !0, passing1 = 0);
      let _errs67 = errors;
      if (data29 !== null) {
        let err54 = { instancePath: instancePath + "/newState", schemaPath: "#/properties/newState/oneOf/1/type", keyword: "type", params: { type: "null" } };
        vErrors === null ? vErrors = [err54] : vErrors.push(err54), errors++;
      }
      var _valid1 = _errs67 === errors;
      if (_valid1 && valid9 ? (valid9 = !1, passing1 = [passing1, 1]) : _valid1 && (valid9 = !0, passing1 = 1), valid9)
        errors = _errs48, vErrors !== null && (_errs48 ? vErrors.length = _errs48 : vErrors = null);
      else {
        let err55 = { instancePath: instancePath + "/newState", schemaPath: "#/properties/newState/oneOf", keyword: "oneOf", params: { passingSchemas: passing1 } };
        vErrors === null ? vErrors = [err55] : vErrors.push(err55), errors++;
      }
    }
    if (data.stateCaptured !== void 0 && typeof data.stateCaptured != "boolean") {
      let err56 = { instancePath: instancePath + "/stateCaptured", schemaPath: "#/properties/stateCaptured/type", keyword: "type", params: { type: "boolean" } };
      vErrors === null ? vErrors = [err56] : vErrors.push(err56), errors++;
    }
    if (data.shell !== void 0) {
      let data38 = data.shell;
      if (!(data38 === "bash" || data38 === "sh")) {
        let err57 = { instancePath: instancePath + "/shell", schemaPath: "#/properties/shell/enum", keyword: "enum", params: { allowedValues: schema19.properties.shell.enum } };
        vErrors === null ? vErrors = [err57] : vErrors.push(err57), errors++;
      }
    }
    if (data.usage !== void 0) {
      let data39 = data.usage;
      if (data39 && typeof data39 == "object" && !Array.isArray(data39)) {
        if (data39.wallMs === void 0) {
          let err58 = { instancePath: instancePath + "/usage", schemaPath: "#/properties/usage/required", keyword: "required", params: { missingProperty: "wallMs" } };
          vErrors === null ? vErrors = [err58] : vErrors.push(err58), errors++;
        }
        for (let key5 in data39)
          if (!(key5 === "wallMs" || key5 === "cpuMs" || key5 === "maxRssBytes")) {
            let err59 = { instancePath: instancePath + "/usage", schemaPath: "#/properties/usage/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key5 } };
            vErrors === null ? vErrors = [err59] : vErrors.push(err59), errors++;
          }
        data39.wallMs !== void 0 && (validate122(data39.wallMs, { instancePath: instancePath + "/usage/wallMs", parentData: data39, parentDataProperty: "wallMs", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate122.errors : vErrors.concat(validate122.errors), errors = vErrors.length)), data39.cpuMs !== void 0 && (validate122(data39.cpuMs, { instancePath: instancePath + "/usage/cpuMs", parentData: data39, parentDataProperty: "cpuMs", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate122.errors : vErrors.concat(validate122.errors), errors = vErrors.length)), data39.maxRssBytes !== void 0 && (validate61(data39.maxRssBytes, { instancePath: instancePath + "/usage/maxRssBytes", parentData: data39, parentDataProperty: "maxRssBytes", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate61.errors : vErrors.concat(validate61.errors), errors = vErrors.length));
      } else {
        let err60 = { instancePath: instancePath + "/usage", schemaPath: "#/properties/usage/type", keyword: "type", params: { type: "object" } };
        vErrors === null ? vErrors = [err60] : vErrors.push(err60), errors++;
      }
    }
    if (data.wall !== void 0) {
      let data43 = data.wall, _errs79 = errors, valid15 = !1, passing3 = null, _errs80 = errors;
      if (!(data43 === "cloud-run-sandbox" || data43 === "bubblewrap" || data43 === "container" || data43 === "none")) {
        let err61 = { instancePath: instancePath + "/wall", schemaPath: "#/properties/wall/oneOf/0/enum", keyword: "enum", params: { allowedValues: schema19.properties.wall.oneOf[0].enum } };
        vErrors === null ? vErrors = [err61] : vErrors.push(err61), errors++;
      }
      var _valid3 = _errs80 === errors;
      _valid3 && (valid15 = !0, passing3 = 0);
      let _errs81 = errors;
      if (data43 !== null) {
        let err62 = { instancePath: instancePath + "/wall", schemaPath: "#/properties/wall/oneOf/1/type", keyword: "type", params: { type: "null" } };
        vErrors === null ? vErrors = [err62] : vErrors.push(err62), errors++;
      }
      var _valid3 = _errs81 === errors;
      if (_valid3 && valid15 ? (valid15 = !1, passing3 = [passing3, 1]) : _valid3 && (valid15 = !0, passing3 = 1), valid15)
        errors = _errs79, vErrors !== null && (_errs79 ? vErrors.length = _errs79 : vErrors = null);
      else {
        let err63 = { instancePath: instancePath + "/wall", schemaPath: "#/properties/wall/oneOf", keyword: "oneOf", params: { passingSchemas: passing3 } };
        vErrors === null ? vErrors = [err63] : vErrors.push(err63), errors++;
      }
    }
    if (data.network !== void 0) {
      let data44 = data.network;
      if (data44 && typeof data44 == "object" && !Array.isArray(data44)) {
        if (data44.refused === void 0) {
          let err64 = { instancePath: instancePath + "/network", schemaPath: "#/properties/network/required", keyword: "required", params: { missingProperty: "refused" } };
          vErrors === null ? vErrors = [err64] : vErrors.push(err64), errors++;
        }
        if (data44.more === void 0) {
          let err65 = { instancePath: instancePath + "/network", schemaPath: "#/properties/network/required", keyword: "required", params: { missingProperty: "more" } };
          vErrors === null ? vErrors = [err65] : vErrors.push(err65), errors++;
        }
        for (let key6 in data44)
          if (!(key6 === "refused" || key6 === "more")) {
            let err66 = { instancePath: instancePath + "/network", schemaPath: "#/properties/network/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key6 } };
            vErrors === null ? vErrors = [err66] : vErrors.push(err66), errors++;
          }
        if (data44.refused !== void 0) {
          let data45 = data44.refused;
          if (Array.isArray(data45)) {
            if (data45.length > 32) {
              let err67 = { instancePath: instancePath + "/network/refused", schemaPath: "#/properties/network/properties/refused/maxItems", keyword: "maxItems", params: { limit: 32 } };
              vErrors === null ? vErrors = [err67] : vErrors.push(err67), errors++;
            }
            let len3 = data45.length;
            for (let i3 = 0; i3 < len3; i3++)
              validate126(data45[i3], { instancePath: instancePath + "/network/refused/" + i3, parentData: data45, parentDataProperty: i3, rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate126.errors : vErrors.concat(validate126.errors), errors = vErrors.length);
          } else {
            let err68 = { instancePath: instancePath + "/network/refused", schemaPath: "#/properties/network/properties/refused/type", keyword: "type", params: { type: "array" } };
            vErrors === null ? vErrors = [err68] : vErrors.push(err68), errors++;
          }
        }
        data44.more !== void 0 && (validate61(data44.more, { instancePath: instancePath + "/network/more", parentData: data44, parentDataProperty: "more", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate61.errors : vErrors.concat(validate61.errors), errors = vErrors.length));
      } else {
        let err69 = { instancePath: instancePath + "/network", schemaPath: "#/properties/network/type", keyword: "type", params: { type: "object" } };
        vErrors === null ? vErrors = [err69] : vErrors.push(err69), errors++;
      }
    }
    if (data.listening !== void 0) {
      let data48 = data.listening;
      if (Array.isArray(data48)) {
        if (data48.length > 64) {
          let err70 = { instancePath: instancePath + "/listening", schemaPath: "#/properties/listening/maxItems", keyword: "maxItems", params: { limit: 64 } };
          vErrors === null ? vErrors = [err70] : vErrors.push(err70), errors++;
        }
        let len4 = data48.length;
        for (let i4 = 0; i4 < len4; i4++)
          validate130(data48[i4], { instancePath: instancePath + "/listening/" + i4, parentData: data48, parentDataProperty: i4, rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate130.errors : vErrors.concat(validate130.errors), errors = vErrors.length);
      } else {
        let err71 = { instancePath: instancePath + "/listening", schemaPath: "#/properties/listening/type", keyword: "type", params: { type: "array" } };
        vErrors === null ? vErrors = [err71] : vErrors.push(err71), errors++;
      }
    }
    if (data.limits !== void 0) {
      let data50 = data.limits;
      if (data50 && typeof data50 == "object" && !Array.isArray(data50)) {
        for (let key7 in data50) {
          let _errs95 = errors;
          if (!(key7 === "timeoutMs" || key7 === "idleOutputMs" || key7 === "cpuMs" || key7 === "memoryMb" || key7 === "pids" || key7 === "openFiles" || key7 === "fileMb" || key7 === "workspaceMb" || key7 === "workspaceFiles" || key7 === "tmpMb" || key7 === "outputBytes")) {
            let err72 = { instancePath: instancePath + "/limits", schemaPath: "#/properties/limits/propertyNames/enum", keyword: "enum", params: { allowedValues: schema19.properties.limits.propertyNames.enum }, propertyName: key7 };
            vErrors === null ? vErrors = [err72] : vErrors.push(err72), errors++;
          }
          var valid21 = _errs95 === errors;
          if (!valid21) {
            let err73 = { instancePath: instancePath + "/limits", schemaPath: "#/properties/limits/propertyNames", keyword: "propertyNames", params: { propertyName: key7 } };
            vErrors === null ? vErrors = [err73] : vErrors.push(err73), errors++;
          }
        }
        for (let key8 in data50)
          validate132(data50[key8], { instancePath: instancePath + "/limits/" + key8.replace(/~/g, "~0").replace(/\//g, "~1"), parentData: data50, parentDataProperty: key8, rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate132.errors : vErrors.concat(validate132.errors), errors = vErrors.length);
      } else {
        let err74 = { instancePath: instancePath + "/limits", schemaPath: "#/properties/limits/type", keyword: "type", params: { type: "object" } };
        vErrors === null ? vErrors = [err74] : vErrors.push(err74), errors++;
      }
    }
    if (data.limitReached !== void 0) {
      let data52 = data.limitReached;
      if (data52 && typeof data52 == "object" && !Array.isArray(data52)) {
        if (data52.limit === void 0) {
          let err75 = { instancePath: instancePath + "/limitReached", schemaPath: "#/properties/limitReached/required", keyword: "required", params: { missingProperty: "limit" } };
          vErrors === null ? vErrors = [err75] : vErrors.push(err75), errors++;
        }
        if (data52.evidence === void 0) {
          let err76 = { instancePath: instancePath + "/limitReached", schemaPath: "#/properties/limitReached/required", keyword: "required", params: { missingProperty: "evidence" } };
          vErrors === null ? vErrors = [err76] : vErrors.push(err76), errors++;
        }
        for (let key9 in data52)
          if (!(key9 === "limit" || key9 === "evidence")) {
            let err77 = { instancePath: instancePath + "/limitReached", schemaPath: "#/properties/limitReached/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key9 } };
            vErrors === null ? vErrors = [err77] : vErrors.push(err77), errors++;
          }
        data52.limit !== void 0 && (validate135(data52.limit, { instancePath: instancePath + "/limitReached/limit", parentData: data52, parentDataProperty: "limit", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate135.errors : vErrors.concat(validate135.errors), errors = vErrors.length)), data52.evidence !== void 0 && (validate69(data52.evidence, { instancePath: instancePath + "/limitReached/evidence", parentData: data52, parentDataProperty: "evidence", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate69.errors : vErrors.concat(validate69.errors), errors = vErrors.length));
      } else {
        let err78 = { instancePath: instancePath + "/limitReached", schemaPath: "#/properties/limitReached/type", keyword: "type", params: { type: "object" } };
        vErrors === null ? vErrors = [err78] : vErrors.push(err78), errors++;
      }
    }
    if (data.stages !== void 0) {
      let data55 = data.stages;
      if (data55 && typeof data55 == "object" && !Array.isArray(data55)) {
        for (let key10 in data55)
          if (!(key10 === "queuedMs" || key10 === "launchMs" || key10 === "bootMs" || key10 === "restoreMs" || key10 === "runMs" || key10 === "checkpointMs")) {
            let err79 = { instancePath: instancePath + "/stages", schemaPath: "#/properties/stages/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key10 } };
            vErrors === null ? vErrors = [err79] : vErrors.push(err79), errors++;
          }
        data55.queuedMs !== void 0 && (validate122(data55.queuedMs, { instancePath: instancePath + "/stages/queuedMs", parentData: data55, parentDataProperty: "queuedMs", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate122.errors : vErrors.concat(validate122.errors), errors = vErrors.length)), data55.launchMs !== void 0 && (validate122(data55.launchMs, { instancePath: instancePath + "/stages/launchMs", parentData: data55, parentDataProperty: "launchMs", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate122.errors : vErrors.concat(validate122.errors), errors = vErrors.length)), data55.bootMs !== void 0 && (validate122(data55.bootMs, { instancePath: instancePath + "/stages/bootMs", parentData: data55, parentDataProperty: "bootMs", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate122.errors : vErrors.concat(validate122.errors), errors = vErrors.length)), data55.restoreMs !== void 0 && (validate122(data55.restoreMs, { instancePath: instancePath + "/stages/restoreMs", parentData: data55, parentDataProperty: "restoreMs", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate122.errors : vErrors.concat(validate122.errors), errors = vErrors.length)), data55.runMs !== void 0 && (validate122(data55.runMs, { instancePath: instancePath + "/stages/runMs", parentData: data55, parentDataProperty: "runMs", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate122.errors : vErrors.concat(validate122.errors), errors = vErrors.length)), data55.checkpointMs !== void 0 && (validate122(data55.checkpointMs, { instancePath: instancePath + "/stages/checkpointMs", parentData: data55, parentDataProperty: "checkpointMs", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate122.errors : vErrors.concat(validate122.errors), errors = vErrors.length));
      } else {
        let err80 = { instancePath: instancePath + "/stages", schemaPath: "#/properties/stages/type", keyword: "type", params: { type: "object" } };
        vErrors === null ? vErrors = [err80] : vErrors.push(err80), errors++;
      }
    }
    data.warnings !== void 0 && (validate144(data.warnings, { instancePath: instancePath + "/warnings", parentData: data, parentDataProperty: "warnings", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate144.errors : vErrors.concat(validate144.errors), errors = vErrors.length)), data.hints !== void 0 && (validate144(data.hints, { instancePath: instancePath + "/hints", parentData: data, parentDataProperty: "hints", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate144.errors : vErrors.concat(validate144.errors), errors = vErrors.length)), data.startedAt !== void 0 && (validate148(data.startedAt, { instancePath: instancePath + "/startedAt", parentData: data, parentDataProperty: "startedAt", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate148.errors : vErrors.concat(validate148.errors), errors = vErrors.length)), data.finishedAt !== void 0 && (validate148(data.finishedAt, { instancePath: instancePath + "/finishedAt", parentData: data, parentDataProperty: "finishedAt", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate148.errors : vErrors.concat(validate148.errors), errors = vErrors.length)), data.labels !== void 0 && (validate151(data.labels, { instancePath: instancePath + "/labels", parentData: data, parentDataProperty: "labels", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate151.errors : vErrors.concat(validate151.errors), errors = vErrors.length)), data.replayOf !== void 0 && (validate153(data.replayOf, { instancePath: instancePath + "/replayOf", parentData: data, parentDataProperty: "replayOf", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate153.errors : vErrors.concat(validate153.errors), errors = vErrors.length));
  } else {
    let err81 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err81] : vErrors.push(err81), errors++;
  }
  return validate52.errors = vErrors, errors === 0;
}
validate52.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
var isDeadLetter = validate157, schema51 = { $id: "dead-letter.v1.schema.json", type: "object", additionalProperties: !1, required: ["deadLetterId", "code", "reason", "source", "attributes", "deliveryAttempts", "deadLetteredAt"], properties: { version: { $ref: "version.definition" }, deadLetterId: { type: "string", pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,255}$" }, code: { type: "string", maxLength: 128 }, reason: { type: "string", maxLength: 8192 }, source: { type: "object", additionalProperties: !1, required: ["topic", "subscription", "messageId", "publishTime"], properties: { topic: { type: "string" }, subscription: { type: "string" }, messageId: { type: "string" }, publishTime: { $ref: "timestamp.definition" }, orderingKey: { type: "string" } } }, attributes: { type: "object", additionalProperties: { type: "string" } }, data: { $ref: "base64.definition" }, dataRef: { $ref: "objectRef.definition" }, deliveryAttempts: { $ref: "count.definition" }, deadLetteredAt: { $ref: "timestamp.definition" }, executionId: { type: ["string", "null"] }, sessionId: { type: ["string", "null"] } }, oneOf: [{ required: ["data"] }, { required: ["dataRef"] }] }, pattern15 = new RegExp("^[A-Za-z0-9][A-Za-z0-9._-]{0,255}$", "u");
function validate157(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate157.evaluated;
  evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0);
  let _errs1 = errors, valid0 = !1, passing0 = null, _errs2 = errors;
  if (data && typeof data == "object" && !Array.isArray(data) && data.data === void 0) {
    let err0 = { instancePath, schemaPath: "#/oneOf/0/required", keyword: "required", params: { missingProperty: "data" } };
    vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
  }
  var _valid0 = _errs2 === errors;
  _valid0 && (valid0 = !0, passing0 = 0);
  let _errs3 = errors;
  if (data && typeof data == "object" && !Array.isArray(data) && data.dataRef === void 0) {
    let err1 = { instancePath, schemaPath: "#/oneOf/1/required", keyword: "required", params: { missingProperty: "dataRef" } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  var _valid0 = _errs3 === errors;
  if (_valid0 && valid0 ? (valid0 = !1, passing0 = [passing0, 1]) : _valid0 && (valid0 = !0, passing0 = 1), valid0)
    errors = _errs1, vErrors !== null && (_errs1 ? vErrors.length = _errs1 : vErrors = null);
  else {
    let err2 = { instancePath, schemaPath: "#/oneOf", keyword: "oneOf", params: { passingSchemas: passing0 } };
    vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
  }
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.deadLetterId === void 0) {
      let err3 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "deadLetterId" } };
      vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
    }
    if (data.code === void 0) {
      let err4 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "code" } };
      vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
    }
    if (data.reason === void 0) {
      let err5 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "reason" } };
      vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
    }
    if (data.source === void 0) {
      let err6 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "source" } };
      vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
    }
    if (data.attributes === void 0) {
      let err7 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "attributes" } };
      vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
    }
    if (data.deliveryAttempts === void 0) {
      let err8 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "deliveryAttempts" } };
      vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
    }
    if (data.deadLetteredAt === void 0) {
      let err9 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "deadLetteredAt" } };
      vErrors === null ? vErrors = [err9] : vErrors.push(err9), errors++;
    }
    for (let key0 in data)
      if (!func1.call(schema51.properties, key0)) {
        let err10 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err10] : vErrors.push(err10), errors++;
      }
    if (data.version !== void 0 && (validate53(data.version, { instancePath: instancePath + "/version", parentData: data, parentDataProperty: "version", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate53.errors : vErrors.concat(validate53.errors), errors = vErrors.length)), data.deadLetterId !== void 0) {
      let data1 = data.deadLetterId;
      if (typeof data1 == "string") {
        if (!pattern15.test(data1)) {
          let err11 = { instancePath: instancePath + "/deadLetterId", schemaPath: "#/properties/deadLetterId/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,255}$" } };
          vErrors === null ? vErrors = [err11] : vErrors.push(err11), errors++;
        }
      } else {
        let err12 = { instancePath: instancePath + "/deadLetterId", schemaPath: "#/properties/deadLetterId/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err12] : vErrors.push(err12), errors++;
      }
    }
    if (data.code !== void 0) {
      let data2 = data.code;
      if (typeof data2 == "string") {
        if (func2(data2) > 128) {
          let err13 = { instancePath: instancePath + "/code", schemaPath: "#/properties/code/maxLength", keyword: "maxLength", params: { limit: 128 } };
          vErrors === null ? vErrors = [err13] : vErrors.push(err13), errors++;
        }
      } else {
        let err14 = { instancePath: instancePath + "/code", schemaPath: "#/properties/code/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err14] : vErrors.push(err14), errors++;
      }
    }
    if (data.reason !== void 0) {
      let data3 = data.reason;
      if (typeof data3 == "string") {
        if (func2(data3) > 8192) {
          let err15 = { instancePath: instancePath + "/reason", schemaPath: "#/properties/reason/maxLength", keyword: "maxLength", params: { limit: 8192 } };
          vErrors === null ? vErrors = [err15] : vErrors.push(err15), errors++;
        }
      } else {
        let err16 = { instancePath: instancePath + "/reason", schemaPath: "#/properties/reason/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err16] : vErrors.push(err16), errors++;
      }
    }
    if (data.source !== void 0) {
      let data4 = data.source;
      if (data4 && typeof data4 == "object" && !Array.isArray(data4)) {
        if (data4.topic === void 0) {
          let err17 = { instancePath: instancePath + "/source", schemaPath: "#/properties/source/required", keyword: "required", params: { missingProperty: "topic" } };
          vErrors === null ? vErrors = [err17] : vErrors.push(err17), errors++;
        }
        if (data4.subscription === void 0) {
          let err18 = { instancePath: instancePath + "/source", schemaPath: "#/properties/source/required", keyword: "required", params: { missingProperty: "subscription" } };
          vErrors === null ? vErrors = [err18] : vErrors.push(err18), errors++;
        }
        if (data4.messageId === void 0) {
          let err19 = { instancePath: instancePath + "/source", schemaPath: "#/properties/source/required", keyword: "required", params: { missingProperty: "messageId" } };
          vErrors === null ? vErrors = [err19] : vErrors.push(err19), errors++;
        }
        if (data4.publishTime === void 0) {
          let err20 = { instancePath: instancePath + "/source", schemaPath: "#/properties/source/required", keyword: "required", params: { missingProperty: "publishTime" } };
          vErrors === null ? vErrors = [err20] : vErrors.push(err20), errors++;
        }
        for (let key1 in data4)
          if (!(key1 === "topic" || key1 === "subscription" || key1 === "messageId" || key1 === "publishTime" || key1 === "orderingKey")) {
            let err21 = { instancePath: instancePath + "/source", schemaPath: "#/properties/source/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key1 } };
            vErrors === null ? vErrors = [err21] : vErrors.push(err21), errors++;
          }
        if (data4.topic !== void 0 && typeof data4.topic != "string") {
          let err22 = { instancePath: instancePath + "/source/topic", schemaPath: "#/properties/source/properties/topic/type", keyword: "type", params: { type: "string" } };
          vErrors === null ? vErrors = [err22] : vErrors.push(err22), errors++;
        }
        if (data4.subscription !== void 0 && typeof data4.subscription != "string") {
          let err23 = { instancePath: instancePath + "/source/subscription", schemaPath: "#/properties/source/properties/subscription/type", keyword: "type", params: { type: "string" } };
          vErrors === null ? vErrors = [err23] : vErrors.push(err23), errors++;
        }
        if (data4.messageId !== void 0 && typeof data4.messageId != "string") {
          let err24 = { instancePath: instancePath + "/source/messageId", schemaPath: "#/properties/source/properties/messageId/type", keyword: "type", params: { type: "string" } };
          vErrors === null ? vErrors = [err24] : vErrors.push(err24), errors++;
        }
        if (data4.publishTime !== void 0 && (validate148(data4.publishTime, { instancePath: instancePath + "/source/publishTime", parentData: data4, parentDataProperty: "publishTime", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate148.errors : vErrors.concat(validate148.errors), errors = vErrors.length)), data4.orderingKey !== void 0 && typeof data4.orderingKey != "string") {
          let err25 = { instancePath: instancePath + "/source/orderingKey", schemaPath: "#/properties/source/properties/orderingKey/type", keyword: "type", params: { type: "string" } };
          vErrors === null ? vErrors = [err25] : vErrors.push(err25), errors++;
        }
      } else {
        let err26 = { instancePath: instancePath + "/source", schemaPath: "#/properties/source/type", keyword: "type", params: { type: "object" } };
        vErrors === null ? vErrors = [err26] : vErrors.push(err26), errors++;
      }
    }
    if (data.attributes !== void 0) {
      let data10 = data.attributes;
      if (data10 && typeof data10 == "object" && !Array.isArray(data10)) {
        for (let key2 in data10)
          if (typeof data10[key2] != "string") {
            let err27 = { instancePath: instancePath + "/attributes/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/attributes/additionalProperties/type", keyword: "type", params: { type: "string" } };
            vErrors === null ? vErrors = [err27] : vErrors.push(err27), errors++;
          }
      } else {
        let err28 = { instancePath: instancePath + "/attributes", schemaPath: "#/properties/attributes/type", keyword: "type", params: { type: "object" } };
        vErrors === null ? vErrors = [err28] : vErrors.push(err28), errors++;
      }
    }
    if (data.data !== void 0 && (validate81(data.data, { instancePath: instancePath + "/data", parentData: data, parentDataProperty: "data", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate81.errors : vErrors.concat(validate81.errors), errors = vErrors.length)), data.dataRef !== void 0 && (validate89(data.dataRef, { instancePath: instancePath + "/dataRef", parentData: data, parentDataProperty: "dataRef", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate89.errors : vErrors.concat(validate89.errors), errors = vErrors.length)), data.deliveryAttempts !== void 0 && (validate61(data.deliveryAttempts, { instancePath: instancePath + "/deliveryAttempts", parentData: data, parentDataProperty: "deliveryAttempts", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate61.errors : vErrors.concat(validate61.errors), errors = vErrors.length)), data.deadLetteredAt !== void 0 && (validate148(data.deadLetteredAt, { instancePath: instancePath + "/deadLetteredAt", parentData: data, parentDataProperty: "deadLetteredAt", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate148.errors : vErrors.concat(validate148.errors), errors = vErrors.length)), data.executionId !== void 0) {
      let data16 = data.executionId;
      if (typeof data16 != "string" && data16 !== null) {
        let err29 = { instancePath: instancePath + "/executionId", schemaPath: "#/properties/executionId/type", keyword: "type", params: { type: schema51.properties.executionId.type } };
        vErrors === null ? vErrors = [err29] : vErrors.push(err29), errors++;
      }
    }
    if (data.sessionId !== void 0) {
      let data17 = data.sessionId;
      if (typeof data17 != "string" && data17 !== null) {
        let err30 = { instancePath: instancePath + "/sessionId", schemaPath: "#/properties/sessionId/type", keyword: "type", params: { type: schema51.properties.sessionId.type } };
        vErrors === null ? vErrors = [err30] : vErrors.push(err30), errors++;
      }
    }
  } else {
    let err31 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err31] : vErrors.push(err31), errors++;
  }
  return validate157.errors = vErrors, errors === 0;
}
validate157.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
var isExecControl = validate164, schema52 = { $id: "exec-control.v1.schema.json", type: "object", additionalProperties: !1, required: ["sessionId", "action"], properties: { version: { $ref: "version.definition" }, sessionId: { $ref: "sessionId.definition" }, action: { oneOf: [{ type: "object", additionalProperties: !1, required: ["executionId"], properties: { kind: { const: "cancel" }, executionId: { $ref: "executionId.definition" }, reason: { $ref: "remark.definition" } } }, { type: "object", additionalProperties: !1, required: [], properties: { kind: { const: "close-session" } } }, { type: "object", additionalProperties: !1, required: ["operationId", "checkpoint"], properties: { kind: { const: "rewind" }, operationId: { $ref: "operationId.definition" }, checkpoint: { $ref: "positive.definition" } } }, { type: "object", additionalProperties: !1, required: ["operationId", "newSessionId"], properties: { kind: { const: "fork" }, operationId: { $ref: "operationId.definition" }, newSessionId: { $ref: "sessionId.definition" }, checkpoint: { $ref: "positive.definition" } } }, { type: "object", additionalProperties: !1, required: ["operationId"], properties: { kind: { const: "delete-session" }, operationId: { $ref: "operationId.definition" } } }], type: "object", discriminator: { propertyName: "kind" }, required: ["kind"], properties: { kind: { enum: ["cancel", "close-session", "rewind", "fork", "delete-session"] } } } } };
function validate169(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate169.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), typeof data == "string") {
    if (!pattern3.test(data)) {
      let err0 = { instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
  } else {
    let err1 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  return validate169.errors = vErrors, errors === 0;
}
validate169.evaluated = { dynamicProps: !1, dynamicItems: !1 };
function validate164(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate164.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), data && typeof data == "object" && !Array.isArray(data)) {
    if (data.sessionId === void 0) {
      let err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "sessionId" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    if (data.action === void 0) {
      let err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "action" } };
      vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
    }
    for (let key0 in data)
      if (!(key0 === "version" || key0 === "sessionId" || key0 === "action")) {
        let err2 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
      }
    if (data.version !== void 0 && (validate53(data.version, { instancePath: instancePath + "/version", parentData: data, parentDataProperty: "version", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate53.errors : vErrors.concat(validate53.errors), errors = vErrors.length)), data.sessionId !== void 0 && (validate57(data.sessionId, { instancePath: instancePath + "/sessionId", parentData: data, parentDataProperty: "sessionId", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate57.errors : vErrors.concat(validate57.errors), errors = vErrors.length)), data.action !== void 0) {
      let data2 = data.action;
      if (data2 && typeof data2 == "object" && !Array.isArray(data2)) {
        if (data2.kind === void 0) {
          let err3 = { instancePath: instancePath + "/action", schemaPath: "#/properties/action/required", keyword: "required", params: { missingProperty: "kind" } };
          vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
        }
        if (data2.kind !== void 0) {
          let data3 = data2.kind;
          if (!(data3 === "cancel" || data3 === "close-session" || data3 === "rewind" || data3 === "fork" || data3 === "delete-session")) {
            let err4 = { instancePath: instancePath + "/action/kind", schemaPath: "#/properties/action/properties/kind/enum", keyword: "enum", params: { allowedValues: schema52.properties.action.properties.kind.enum } };
            vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
          }
        }
        let tag0 = data2.kind;
        if (typeof tag0 == "string")
          if (tag0 === "cancel") {
            if (data2 && typeof data2 == "object" && !Array.isArray(data2)) {
              if (data2.executionId === void 0) {
                let err5 = { instancePath: instancePath + "/action", schemaPath: "#/properties/action/oneOf/0/required", keyword: "required", params: { missingProperty: "executionId" } };
                vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
              }
              for (let key1 in data2)
                if (!(key1 === "kind" || key1 === "executionId" || key1 === "reason")) {
                  let err6 = { instancePath: instancePath + "/action", schemaPath: "#/properties/action/oneOf/0/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key1 } };
                  vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
                }
              if (data2.kind !== void 0 && data2.kind !== "cancel") {
                let err7 = { instancePath: instancePath + "/action/kind", schemaPath: "#/properties/action/oneOf/0/properties/kind/const", keyword: "const", params: { allowedValue: "cancel" } };
                vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
              }
              data2.executionId !== void 0 && (validate55(data2.executionId, { instancePath: instancePath + "/action/executionId", parentData: data2, parentDataProperty: "executionId", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate55.errors : vErrors.concat(validate55.errors), errors = vErrors.length)), data2.reason !== void 0 && (validate69(data2.reason, { instancePath: instancePath + "/action/reason", parentData: data2, parentDataProperty: "reason", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate69.errors : vErrors.concat(validate69.errors), errors = vErrors.length));
            } else {
              let err8 = { instancePath: instancePath + "/action", schemaPath: "#/properties/action/oneOf/0/type", keyword: "type", params: { type: "object" } };
              vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
            }
            var props0 = !0;
          } else if (tag0 === "close-session") {
            if (data2 && typeof data2 == "object" && !Array.isArray(data2)) {
              for (let key2 in data2)
                if (key2 !== "kind") {
                  let err9 = { instancePath: instancePath + "/action", schemaPath: "#/properties/action/oneOf/1/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key2 } };
                  vErrors === null ? vErrors = [err9] : vErrors.push(err9), errors++;
                }
              if (data2.kind !== void 0 && data2.kind !== "close-session") {
                let err10 = { instancePath: instancePath + "/action/kind", schemaPath: "#/properties/action/oneOf/1/properties/kind/const", keyword: "const", params: { allowedValue: "close-session" } };
                vErrors === null ? vErrors = [err10] : vErrors.push(err10), errors++;
              }
            } else {
              let err11 = { instancePath: instancePath + "/action", schemaPath: "#/properties/action/oneOf/1/type", keyword: "type", params: { type: "object" } };
              vErrors === null ? vErrors = [err11] : vErrors.push(err11), errors++;
            }
            props0 !== !0 && (props0 = !0);
          } else if (tag0 === "rewind") {
            if (data2 && typeof data2 == "object" && !Array.isArray(data2)) {
              if (data2.operationId === void 0) {
                let err12 = { instancePath: instancePath + "/action", schemaPath: "#/properties/action/oneOf/2/required", keyword: "required", params: { missingProperty: "operationId" } };
                vErrors === null ? vErrors = [err12] : vErrors.push(err12), errors++;
              }
              if (data2.checkpoint === void 0) {
                let err13 = { instancePath: instancePath + "/action", schemaPath: "#/properties/action/oneOf/2/required", keyword: "required", params: { missingProperty: "checkpoint" } };
                vErrors === null ? vErrors = [err13] : vErrors.push(err13), errors++;
              }
              for (let key3 in data2)
                if (!(key3 === "kind" || key3 === "operationId" || key3 === "checkpoint")) {
                  let err14 = { instancePath: instancePath + "/action", schemaPath: "#/properties/action/oneOf/2/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key3 } };
                  vErrors === null ? vErrors = [err14] : vErrors.push(err14), errors++;
                }
              if (data2.kind !== void 0 && data2.kind !== "rewind") {
                let err15 = { instancePath: instancePath + "/action/kind", schemaPath: "#/properties/action/oneOf/2/properties/kind/const", keyword: "const", params: { allowedValue: "rewind" } };
                vErrors === null ? vErrors = [err15] : vErrors.push(err15), errors++;
              }
              data2.operationId !== void 0 && (validate169(data2.operationId, { instancePath: instancePath + "/action/operationId", parentData: data2, parentDataProperty: "operationId", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate169.errors : vErrors.concat(validate169.errors), errors = vErrors.length)), data2.checkpoint !== void 0 && (validate67(data2.checkpoint, { instancePath: instancePath + "/action/checkpoint", parentData: data2, parentDataProperty: "checkpoint", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate67.errors : vErrors.concat(validate67.errors), errors = vErrors.length));
            } else {
              let err16 = { instancePath: instancePath + "/action", schemaPath: "#/properties/action/oneOf/2/type", keyword: "type", params: { type: "object" } };
              vErrors === null ? vErrors = [err16] : vErrors.push(err16), errors++;
            }
            props0 !== !0 && (props0 = !0);
          } else if (tag0 === "fork") {
            if (data2 && typeof data2 == "object" && !Array.isArray(data2)) {
              if (data2.operationId === void 0) {
                let err17 = { instancePath: instancePath + "/action", schemaPath: "#/properties/action/oneOf/3/required", keyword: "required", params: { missingProperty: "operationId" } };
                vErrors === null ? vErrors = [err17] : vErrors.push(err17), errors++;
              }
              if (data2.newSessionId === void 0) {
                let err18 = { instancePath: instancePath + "/action", schemaPath: "#/properties/action/oneOf/3/required", keyword: "required", params: { missingProperty: "newSessionId" } };
                vErrors === null ? vErrors = [err18] : vErrors.push(err18), errors++;
              }
              for (let key4 in data2)
                if (!(key4 === "kind" || key4 === "operationId" || key4 === "newSessionId" || key4 === "checkpoint")) {
                  let err19 = { instancePath: instancePath + "/action", schemaPath: "#/properties/action/oneOf/3/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key4 } };
                  vErrors === null ? vErrors = [err19] : vErrors.push(err19), errors++;
                }
              if (data2.kind !== void 0 && data2.kind !== "fork") {
                let err20 = { instancePath: instancePath + "/action/kind", schemaPath: "#/properties/action/oneOf/3/properties/kind/const", keyword: "const", params: { allowedValue: "fork" } };
                vErrors === null ? vErrors = [err20] : vErrors.push(err20), errors++;
              }
              data2.operationId !== void 0 && (validate169(data2.operationId, { instancePath: instancePath + "/action/operationId", parentData: data2, parentDataProperty: "operationId", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate169.errors : vErrors.concat(validate169.errors), errors = vErrors.length)), data2.newSessionId !== void 0 && (validate57(data2.newSessionId, { instancePath: instancePath + "/action/newSessionId", parentData: data2, parentDataProperty: "newSessionId", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate57.errors : vErrors.concat(validate57.errors), errors = vErrors.length)), data2.checkpoint !== void 0 && (validate67(data2.checkpoint, { instancePath: instancePath + "/action/checkpoint", parentData: data2, parentDataProperty: "checkpoint", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate67.errors : vErrors.concat(validate67.errors), errors = vErrors.length));
            } else {
              let err21 = { instancePath: instancePath + "/action", schemaPath: "#/properties/action/oneOf/3/type", keyword: "type", params: { type: "object" } };
              vErrors === null ? vErrors = [err21] : vErrors.push(err21), errors++;
            }
            props0 !== !0 && (props0 = !0);
          } else if (tag0 === "delete-session") {
            if (data2 && typeof data2 == "object" && !Array.isArray(data2)) {
              if (data2.operationId === void 0) {
                let err22 = { instancePath: instancePath + "/action", schemaPath: "#/properties/action/oneOf/4/required", keyword: "required", params: { missingProperty: "operationId" } };
                vErrors === null ? vErrors = [err22] : vErrors.push(err22), errors++;
              }
              for (let key5 in data2)
                if (!(key5 === "kind" || key5 === "operationId")) {
                  let err23 = { instancePath: instancePath + "/action", schemaPath: "#/properties/action/oneOf/4/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key5 } };
                  vErrors === null ? vErrors = [err23] : vErrors.push(err23), errors++;
                }
              if (data2.kind !== void 0 && data2.kind !== "delete-session") {
                let err24 = { instancePath: instancePath + "/action/kind", schemaPath: "#/properties/action/oneOf/4/properties/kind/const", keyword: "const", params: { allowedValue: "delete-session" } };
                vErrors === null ? vErrors = [err24] : vErrors.push(err24), errors++;
              }
              data2.operationId !== void 0 && (validate169(data2.operationId, { instancePath: instancePath + "/action/operationId", parentData: data2, parentDataProperty: "operationId", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate169.errors : vErrors.concat(validate169.errors), errors = vErrors.length));
            } else {
              let err25 = { instancePath: instancePath + "/action", schemaPath: "#/properties/action/oneOf/4/type", keyword: "type", params: { type: "object" } };
              vErrors === null ? vErrors = [err25] : vErrors.push(err25), errors++;
            }
            props0 !== !0 && (props0 = !0);
          } else {
            let err26 = { instancePath: instancePath + "/action", schemaPath: "#/properties/action/discriminator", keyword: "discriminator", params: { error: "mapping", tag: "kind", tagValue: tag0 } };
            vErrors === null ? vErrors = [err26] : vErrors.push(err26), errors++;
          }
        else {
          let err27 = { instancePath: instancePath + "/action", schemaPath: "#/properties/action/discriminator", keyword: "discriminator", params: { error: "tag", tag: "kind", tagValue: tag0 } };
          vErrors === null ? vErrors = [err27] : vErrors.push(err27), errors++;
        }
      } else {
        let err28 = { instancePath: instancePath + "/action", schemaPath: "#/properties/action/type", keyword: "type", params: { type: "object" } };
        vErrors === null ? vErrors = [err28] : vErrors.push(err28), errors++;
      }
    }
  } else {
    let err29 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err29] : vErrors.push(err29), errors++;
  }
  return validate164.errors = vErrors, errors === 0;
}
validate164.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
var isExecRequest = validate176, schema54 = { $id: "exec-request.v1.schema.json", type: "object", additionalProperties: !1, required: ["executionId", "sessionId"], properties: { version: { $ref: "version.definition" }, executionId: { $ref: "executionId.definition" }, sessionId: { $ref: "sessionId.definition" }, tenantId: { $ref: "tenantId.definition" }, command: { type: "string", minLength: 1, pattern: "^[^\\u0000]*$" }, commandRef: { $ref: "objectRef.definition" }, env: { type: "object", maxProperties: 512, propertyNames: { pattern: "^[A-Za-z_][A-Za-z0-9_]*$" }, additionalProperties: { type: "string", pattern: "^[^\\u0000]*$" } }, secretEnv: { type: "object", additionalProperties: !1, required: ["keyId", "names", "sealed"], properties: { keyId: { type: "string", pattern: "^[0-9a-f]{16}$" }, names: { type: "array", minItems: 1, maxItems: 64, uniqueItems: !0, items: { type: "string", maxLength: 256, pattern: "^[A-Za-z_][A-Za-z0-9_]*$" } }, sealed: { type: "string", maxLength: 131072, pattern: "^[A-Za-z0-9_-]+$" } } }, maskOutput: { type: "boolean" }, shell: { enum: ["bash", "sh"] }, cwd: { type: "string", minLength: 1, maxLength: 4096, pattern: "^[^\\u0000]*$" }, stdin: { $ref: "inlineBytes.definition" }, timeoutMs: { $ref: "limitMs.definition" }, limits: { type: "object", additionalProperties: !1, required: [], properties: { memoryMb: { type: "integer", minimum: 16, maximum: 32768 }, cpu: { type: "integer", minimum: 1, maximum: 8 }, pids: { type: "integer", minimum: 4, maximum: 4096 }, outputBytes: { type: "integer", minimum: 1, maximum: 1073741824 }, workspaceMb: { $ref: "limitMb.definition" }, idleOutputMs: { $ref: "limitMs.definition" }, cpuMs: { $ref: "limitMs.definition" }, openFiles: { type: "integer", minimum: 32, maximum: 65536 }, fileMb: { $ref: "limitMb.definition" }, workspaceFiles: { type: "integer", minimum: 1, maximum: 1e6 }, tmpMb: { $ref: "limitMb.definition" } } }, onOutputLimit: { enum: ["end", "discard"] }, network: { oneOf: [{ enum: ["none", "internet"] }, { type: "object", additionalProperties: !1, required: ["allow"], properties: { allow: { type: "array", minItems: 1, maxItems: 64, items: { $ref: "networkAllowRule.definition" } } } }] }, files: { type: "array", maxItems: 256, items: { type: "object", additionalProperties: !1, required: ["path", "content"], properties: { path: { $ref: "workspacePath.definition" }, content: { $ref: "inlineBytes.definition" }, mode: { type: "integer", minimum: 0, maximum: 511 } } } }, outputs: { type: "array", minItems: 1, maxItems: 32, items: { type: "string", minLength: 1, maxLength: 1024, pattern: "^(?!/)(?!(?:[^\\u0000]*/)?\\.\\.(?:/|$))[^\\u0000]+$" } }, streamOutput: { type: "boolean" }, retry: { type: "object", additionalProperties: !1, required: ["maxGenerations"], properties: { maxGenerations: { type: "integer", minimum: 1, maximum: 10 } } }, priority: { type: "integer", minimum: 0, maximum: 9 }, sequence: { type: "integer", minimum: 1, maximum: 9007199254740991 }, expiresAt: { $ref: "timestamp.definition" }, durability: { enum: ["checkpointed", "acknowledged"] }, checkpoint: { $ref: "count.definition" }, checkpointOf: { $ref: "sessionId.definition" }, lane: { enum: ["auto", "cold", "warm"] }, labels: { $ref: "labels.definition" }, replayOf: { $ref: "replayOf.definition" } }, oneOf: [{ required: ["command"] }, { required: ["commandRef"] }] };
function validate182(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate182.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), data && typeof data == "object" && !Array.isArray(data)) {
    if (Object.keys(data).length > 1) {
      let err0 = { instancePath, schemaPath: "#/maxProperties", keyword: "maxProperties", params: { limit: 1 } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    if (Object.keys(data).length < 1) {
      let err1 = { instancePath, schemaPath: "#/minProperties", keyword: "minProperties", params: { limit: 1 } };
      vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
    }
    for (let key0 in data)
      if (!(key0 === "text" || key0 === "base64" || key0 === "ref")) {
        let err2 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
      }
    if (data.text !== void 0 && typeof data.text != "string") {
      let err3 = { instancePath: instancePath + "/text", schemaPath: "#/properties/text/type", keyword: "type", params: { type: "string" } };
      vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
    }
    data.base64 !== void 0 && (validate81(data.base64, { instancePath: instancePath + "/base64", parentData: data, parentDataProperty: "base64", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate81.errors : vErrors.concat(validate81.errors), errors = vErrors.length)), data.ref !== void 0 && (validate89(data.ref, { instancePath: instancePath + "/ref", parentData: data, parentDataProperty: "ref", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate89.errors : vErrors.concat(validate89.errors), errors = vErrors.length));
  } else {
    let err4 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
  }
  return validate182.errors = vErrors, errors === 0;
}
validate182.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
function validate186(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate186.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), !(typeof data == "number" && !(data % 1) && !isNaN(data) && isFinite(data))) {
    let err0 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "integer" } };
    vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
  }
  if (typeof data == "number" && isFinite(data)) {
    if (data > 6048e5 || isNaN(data)) {
      let err1 = { instancePath, schemaPath: "#/maximum", keyword: "maximum", params: { comparison: "<=", limit: 6048e5 } };
      vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
    }
    if (data < 1 || isNaN(data)) {
      let err2 = { instancePath, schemaPath: "#/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 } };
      vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
    }
  }
  return validate186.errors = vErrors, errors === 0;
}
validate186.evaluated = { dynamicProps: !1, dynamicItems: !1 };
function validate188(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate188.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), !(typeof data == "number" && !(data % 1) && !isNaN(data) && isFinite(data))) {
    let err0 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "integer" } };
    vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
  }
  if (typeof data == "number" && isFinite(data)) {
    if (data > 32768 || isNaN(data)) {
      let err1 = { instancePath, schemaPath: "#/maximum", keyword: "maximum", params: { comparison: "<=", limit: 32768 } };
      vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
    }
    if (data < 1 || isNaN(data)) {
      let err2 = { instancePath, schemaPath: "#/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 } };
      vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
    }
  }
  return validate188.errors = vErrors, errors === 0;
}
validate188.evaluated = { dynamicProps: !1, dynamicItems: !1 };
var pattern24 = new RegExp("^(?=.{1,255}$)(?:\\*\\.)?[A-Za-z0-9_][A-Za-z0-9._-]*\\.[A-Za-z][A-Za-z0-9-]*$", "u"), pattern25 = new RegExp("^(?=.{1,49}$)[0-9A-Fa-f:.]+/[0-9]{1,3}$", "u");
function validate194(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate194.evaluated;
  evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0);
  let _errs1 = errors, valid0 = !1, passing0 = null, _errs2 = errors;
  if (data && typeof data == "object" && !Array.isArray(data) && data.host === void 0) {
    let err0 = { instancePath, schemaPath: "#/oneOf/0/required", keyword: "required", params: { missingProperty: "host" } };
    vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
  }
  var _valid0 = _errs2 === errors;
  _valid0 && (valid0 = !0, passing0 = 0);
  let _errs3 = errors;
  if (data && typeof data == "object" && !Array.isArray(data) && data.cidr === void 0) {
    let err1 = { instancePath, schemaPath: "#/oneOf/1/required", keyword: "required", params: { missingProperty: "cidr" } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  var _valid0 = _errs3 === errors;
  if (_valid0 && valid0 ? (valid0 = !1, passing0 = [passing0, 1]) : _valid0 && (valid0 = !0, passing0 = 1), valid0)
    errors = _errs1, vErrors !== null && (_errs1 ? vErrors.length = _errs1 : vErrors = null);
  else {
    let err2 = { instancePath, schemaPath: "#/oneOf", keyword: "oneOf", params: { passingSchemas: passing0 } };
    vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
  }
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (let key0 in data)
      if (!(key0 === "host" || key0 === "cidr" || key0 === "ports")) {
        let err3 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
      }
    if (data.host !== void 0) {
      let data0 = data.host;
      if (typeof data0 == "string") {
        if (!pattern24.test(data0)) {
          let err4 = { instancePath: instancePath + "/host", schemaPath: "#/properties/host/pattern", keyword: "pattern", params: { pattern: "^(?=.{1,255}$)(?:\\*\\.)?[A-Za-z0-9_][A-Za-z0-9._-]*\\.[A-Za-z][A-Za-z0-9-]*$" } };
          vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
        }
      } else {
        let err5 = { instancePath: instancePath + "/host", schemaPath: "#/properties/host/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
      }
    }
    if (data.cidr !== void 0) {
      let data1 = data.cidr;
      if (typeof data1 == "string") {
        if (!pattern25.test(data1)) {
          let err6 = { instancePath: instancePath + "/cidr", schemaPath: "#/properties/cidr/pattern", keyword: "pattern", params: { pattern: "^(?=.{1,49}$)[0-9A-Fa-f:.]+/[0-9]{1,3}$" } };
          vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
        }
      } else {
        let err7 = { instancePath: instancePath + "/cidr", schemaPath: "#/properties/cidr/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
      }
    }
    if (data.ports !== void 0) {
      let data2 = data.ports;
      if (Array.isArray(data2)) {
        if (data2.length > 32) {
          let err8 = { instancePath: instancePath + "/ports", schemaPath: "#/properties/ports/maxItems", keyword: "maxItems", params: { limit: 32 } };
          vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
        }
        if (data2.length < 1) {
          let err9 = { instancePath: instancePath + "/ports", schemaPath: "#/properties/ports/minItems", keyword: "minItems", params: { limit: 1 } };
          vErrors === null ? vErrors = [err9] : vErrors.push(err9), errors++;
        }
        let len0 = data2.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data3 = data2[i0];
          if (!(typeof data3 == "number" && !(data3 % 1) && !isNaN(data3) && isFinite(data3))) {
            let err10 = { instancePath: instancePath + "/ports/" + i0, schemaPath: "#/properties/ports/items/type", keyword: "type", params: { type: "integer" } };
            vErrors === null ? vErrors = [err10] : vErrors.push(err10), errors++;
          }
          if (typeof data3 == "number" && isFinite(data3)) {
            if (data3 > 65535 || isNaN(data3)) {
              let err11 = { instancePath: instancePath + "/ports/" + i0, schemaPath: "#/properties/ports/items/maximum", keyword: "maximum", params: { comparison: "<=", limit: 65535 } };
              vErrors === null ? vErrors = [err11] : vErrors.push(err11), errors++;
            }
            if (data3 < 1 || isNaN(data3)) {
              let err12 = { instancePath: instancePath + "/ports/" + i0, schemaPath: "#/properties/ports/items/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 } };
              vErrors === null ? vErrors = [err12] : vErrors.push(err12), errors++;
            }
          }
        }
      } else {
        let err13 = { instancePath: instancePath + "/ports", schemaPath: "#/properties/ports/type", keyword: "type", params: { type: "array" } };
        vErrors === null ? vErrors = [err13] : vErrors.push(err13), errors++;
      }
    }
  } else {
    let err14 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err14] : vErrors.push(err14), errors++;
  }
  return validate194.errors = vErrors, errors === 0;
}
validate194.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
var pattern26 = new RegExp("^(?:/workspace/)?(?!/)(?!(?:[^\\u0000]*/)?\\.\\.(?:/|$))(?!(?:[^\\u0000]*/)?\\.?$)[^\\u0000]+$", "u");
function validate196(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate196.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), typeof data == "string") {
    if (func2(data) > 4096) {
      let err0 = { instancePath, schemaPath: "#/maxLength", keyword: "maxLength", params: { limit: 4096 } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    if (func2(data) < 1) {
      let err1 = { instancePath, schemaPath: "#/minLength", keyword: "minLength", params: { limit: 1 } };
      vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
    }
    if (!pattern26.test(data)) {
      let err2 = { instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^(?:/workspace/)?(?!/)(?!(?:[^\\u0000]*/)?\\.\\.(?:/|$))(?!(?:[^\\u0000]*/)?\\.?$)[^\\u0000]+$" } };
      vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
    }
  } else {
    let err3 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" } };
    vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
  }
  return validate196.errors = vErrors, errors === 0;
}
validate196.evaluated = { dynamicProps: !1, dynamicItems: !1 };
var pattern18 = new RegExp("^[A-Za-z_][A-Za-z0-9_]*$", "u"), pattern20 = new RegExp("^[0-9a-f]{16}$", "u"), pattern22 = new RegExp("^[A-Za-z0-9_-]+$", "u"), pattern27 = new RegExp("^(?!/)(?!(?:[^\\u0000]*/)?\\.\\.(?:/|$))[^\\u0000]+$", "u");
function validate176(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate176.evaluated;
  evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0);
  let _errs1 = errors, valid0 = !1, passing0 = null, _errs2 = errors;
  if (data && typeof data == "object" && !Array.isArray(data) && data.command === void 0) {
    let err0 = { instancePath, schemaPath: "#/oneOf/0/required", keyword: "required", params: { missingProperty: "command" } };
    vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
  }
  var _valid0 = _errs2 === errors;
  _valid0 && (valid0 = !0, passing0 = 0);
  let _errs3 = errors;
  if (data && typeof data == "object" && !Array.isArray(data) && data.commandRef === void 0) {
    let err1 = { instancePath, schemaPath: "#/oneOf/1/required", keyword: "required", params: { missingProperty: "commandRef" } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  var _valid0 = _errs3 === errors;
  if (_valid0 && valid0 ? (valid0 = !1, passing0 = [passing0, 1]) : _valid0 && (valid0 = !0, passing0 = 1), valid0)
    errors = _errs1, vErrors !== null && (_errs1 ? vErrors.length = _errs1 : vErrors = null);
  else {
    let err2 = { instancePath, schemaPath: "#/oneOf", keyword: "oneOf", params: { passingSchemas: passing0 } };
    vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
  }
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.executionId === void 0) {
      let err3 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "executionId" } };
      vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
    }
    if (data.sessionId === void 0) {
      let err4 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "sessionId" } };
      vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
    }
    for (let key0 in data)
      if (!func1.call(schema54.properties, key0)) {
        let err5 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
      }
    if (data.version !== void 0 && (validate53(data.version, { instancePath: instancePath + "/version", parentData: data, parentDataProperty: "version", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate53.errors : vErrors.concat(validate53.errors), errors = vErrors.length)), data.executionId !== void 0 && (validate55(data.executionId, { instancePath: instancePath + "/executionId", parentData: data, parentDataProperty: "executionId", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate55.errors : vErrors.concat(validate55.errors), errors = vErrors.length)), data.sessionId !== void 0 && (validate57(data.sessionId, { instancePath: instancePath + "/sessionId", parentData: data, parentDataProperty: "sessionId", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate57.errors : vErrors.concat(validate57.errors), errors = vErrors.length)), data.tenantId !== void 0 && (validate59(data.tenantId, { instancePath: instancePath + "/tenantId", parentData: data, parentDataProperty: "tenantId", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate59.errors : vErrors.concat(validate59.errors), errors = vErrors.length)), data.command !== void 0) {
      let data4 = data.command;
      if (typeof data4 == "string") {
        if (func2(data4) < 1) {
          let err6 = { instancePath: instancePath + "/command", schemaPath: "#/properties/command/minLength", keyword: "minLength", params: { limit: 1 } };
          vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
        }
        if (!pattern11.test(data4)) {
          let err7 = { instancePath: instancePath + "/command", schemaPath: "#/properties/command/pattern", keyword: "pattern", params: { pattern: "^[^\\u0000]*$" } };
          vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
        }
      } else {
        let err8 = { instancePath: instancePath + "/command", schemaPath: "#/properties/command/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
      }
    }
    if (data.commandRef !== void 0 && (validate89(data.commandRef, { instancePath: instancePath + "/commandRef", parentData: data, parentDataProperty: "commandRef", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate89.errors : vErrors.concat(validate89.errors), errors = vErrors.length)), data.env !== void 0) {
      let data6 = data.env;
      if (data6 && typeof data6 == "object" && !Array.isArray(data6)) {
        if (Object.keys(data6).length > 512) {
          let err9 = { instancePath: instancePath + "/env", schemaPath: "#/properties/env/maxProperties", keyword: "maxProperties", params: { limit: 512 } };
          vErrors === null ? vErrors = [err9] : vErrors.push(err9), errors++;
        }
        for (let key1 in data6) {
          let _errs14 = errors;
          if (typeof key1 == "string" && !pattern18.test(key1)) {
            let err10 = { instancePath: instancePath + "/env", schemaPath: "#/properties/env/propertyNames/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z_][A-Za-z0-9_]*$" }, propertyName: key1 };
            vErrors === null ? vErrors = [err10] : vErrors.push(err10), errors++;
          }
          var valid2 = _errs14 === errors;
          if (!valid2) {
            let err11 = { instancePath: instancePath + "/env", schemaPath: "#/properties/env/propertyNames", keyword: "propertyNames", params: { propertyName: key1 } };
            vErrors === null ? vErrors = [err11] : vErrors.push(err11), errors++;
          }
        }
        for (let key2 in data6) {
          let data7 = data6[key2];
          if (typeof data7 == "string") {
            if (!pattern11.test(data7)) {
              let err12 = { instancePath: instancePath + "/env/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/env/additionalProperties/pattern", keyword: "pattern", params: { pattern: "^[^\\u0000]*$" } };
              vErrors === null ? vErrors = [err12] : vErrors.push(err12), errors++;
            }
          } else {
            let err13 = { instancePath: instancePath + "/env/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/env/additionalProperties/type", keyword: "type", params: { type: "string" } };
            vErrors === null ? vErrors = [err13] : vErrors.push(err13), errors++;
          }
        }
      } else {
        let err14 = { instancePath: instancePath + "/env", schemaPath: "#/properties/env/type", keyword: "type", params: { type: "object" } };
        vErrors === null ? vErrors = [err14] : vErrors.push(err14), errors++;
      }
    }
    if (data.secretEnv !== void 0) {
      let data8 = data.secretEnv;
      if (data8 && typeof data8 == "object" && !Array.isArray(data8)) {
        if (data8.keyId === void 0) {
          let err15 = { instancePath: instancePath + "/secretEnv", schemaPath: "#/properties/secretEnv/required", keyword: "required", params: { missingProperty: "keyId" } };
          vErrors === null ? vErrors = [err15] : vErrors.push(err15), errors++;
        }
        if (data8.names === void 0) {
          let err16 = { instancePath: instancePath + "/secretEnv", schemaPath: "#/properties/secretEnv/required", keyword: "required", params: { missingProperty: "names" } };
          vErrors === null ? vErrors = [err16] : vErrors.push(err16), errors++;
        }
        if (data8.sealed === void 0) {
          let err17 = { instancePath: instancePath + "/secretEnv", schemaPath: "#/properties/secretEnv/required", keyword: "required", params: { missingProperty: "sealed" } };
          vErrors === null ? vErrors = [err17] : vErrors.push(err17), errors++;
        }
        for (let key3 in data8)
          if (!(key3 === "keyId" || key3 === "names" || key3 === "sealed")) {
            let err18 = { instancePath: instancePath + "/secretEnv", schemaPath: "#/properties/secretEnv/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key3 } };
            vErrors === null ? vErrors = [err18] : vErrors.push(err18), errors++;
          }
        if (data8.keyId !== void 0) {
          let data9 = data8.keyId;
          if (typeof data9 == "string") {
            if (!pattern20.test(data9)) {
              let err19 = { instancePath: instancePath + "/secretEnv/keyId", schemaPath: "#/properties/secretEnv/properties/keyId/pattern", keyword: "pattern", params: { pattern: "^[0-9a-f]{16}$" } };
              vErrors === null ? vErrors = [err19] : vErrors.push(err19), errors++;
            }
          } else {
            let err20 = { instancePath: instancePath + "/secretEnv/keyId", schemaPath: "#/properties/secretEnv/properties/keyId/type", keyword: "type", params: { type: "string" } };
            vErrors === null ? vErrors = [err20] : vErrors.push(err20), errors++;
          }
        }
        if (data8.names !== void 0) {
          let data10 = data8.names;
          if (Array.isArray(data10)) {
            if (data10.length > 64) {
              let err21 = { instancePath: instancePath + "/secretEnv/names", schemaPath: "#/properties/secretEnv/properties/names/maxItems", keyword: "maxItems", params: { limit: 64 } };
              vErrors === null ? vErrors = [err21] : vErrors.push(err21), errors++;
            }
            if (data10.length < 1) {
              let err22 = { instancePath: instancePath + "/secretEnv/names", schemaPath: "#/properties/secretEnv/properties/names/minItems", keyword: "minItems", params: { limit: 1 } };
              vErrors === null ? vErrors = [err22] : vErrors.push(err22), errors++;
            }
            let len0 = data10.length;
            for (let i0 = 0; i0 < len0; i0++) {
              let data11 = data10[i0];
              if (typeof data11 == "string") {
                if (func2(data11) > 256) {
                  let err23 = { instancePath: instancePath + "/secretEnv/names/" + i0, schemaPath: "#/properties/secretEnv/properties/names/items/maxLength", keyword: "maxLength", params: { limit: 256 } };
                  vErrors === null ? vErrors = [err23] : vErrors.push(err23), errors++;
                }
                if (!pattern18.test(data11)) {
                  let err24 = { instancePath: instancePath + "/secretEnv/names/" + i0, schemaPath: "#/properties/secretEnv/properties/names/items/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z_][A-Za-z0-9_]*$" } };
                  vErrors === null ? vErrors = [err24] : vErrors.push(err24), errors++;
                }
              } else {
                let err25 = { instancePath: instancePath + "/secretEnv/names/" + i0, schemaPath: "#/properties/secretEnv/properties/names/items/type", keyword: "type", params: { type: "string" } };
                vErrors === null ? vErrors = [err25] : vErrors.push(err25), errors++;
              }
            }
            let i1 = data10.length, j0;
            if (i1 > 1) {
              let indices0 = {};
              for (; i1--; ) {
                let item0 = data10[i1];
                if (typeof item0 == "string") {
                  if (typeof indices0[item0] == "number") {
                    j0 = indices0[item0];
                    let err26 = { instancePath: instancePath + "/secretEnv/names", schemaPath: "#/properties/secretEnv/properties/names/uniqueItems", keyword: "uniqueItems", params: { i: i1, j: j0 } };
                    vErrors === null ? vErrors = [err26] : vErrors.push(err26), errors++;
                    break;
                  }
                  indices0[item0] = i1;
                }
              }
            }
          } else {
            let err27 = { instancePath: instancePath + "/secretEnv/names", schemaPath: "#/properties/secretEnv/properties/names/type", keyword: "type", params: { type: "array" } };
            vErrors === null ? vErrors = [err27] : vErrors.push(err27), errors++;
          }
        }
        if (data8.sealed !== void 0) {
          let data12 = data8.sealed;
          if (typeof data12 == "string") {
            if (func2(data12) > 131072) {
              let err28 = { instancePath: instancePath + "/secretEnv/sealed", schemaPath: "#/properties/secretEnv/properties/sealed/maxLength", keyword: "maxLength", params: { limit: 131072 } };
              vErrors === null ? vErrors = [err28] : vErrors.push(err28), errors++;
            }
            if (!pattern22.test(data12)) {
              let err29 = { instancePath: instancePath + "/secretEnv/sealed", schemaPath: "#/properties/secretEnv/properties/sealed/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9_-]+$" } };
              vErrors === null ? vErrors = [err29] : vErrors.push(err29), errors++;
            }
          } else {
            let err30 = { instancePath: instancePath + "/secretEnv/sealed", schemaPath: "#/properties/secretEnv/properties/sealed/type", keyword: "type", params: { type: "string" } };
            vErrors === null ? vErrors = [err30] : vErrors.push(err30), errors++;
          }
        }
      } else {
        let err31 = { instancePath: instancePath + "/secretEnv", schemaPath: "#/properties/secretEnv/type", keyword: "type", params: { type: "object" } };
        vErrors === null ? vErrors = [err31] : vErrors.push(err31), errors++;
      }
    }
    if (data.maskOutput !== void 0 && typeof data.maskOutput != "boolean") {
      let err32 = { instancePath: instancePath + "/maskOutput", schemaPath: "#/properties/maskOutput/type", keyword: "type", params: { type: "boolean" } };
      vErrors === null ? vErrors = [err32] : vErrors.push(err32), errors++;
    }
    if (data.shell !== void 0) {
      let data14 = data.shell;
      if (!(data14 === "bash" || data14 === "sh")) {
        let err33 = { instancePath: instancePath + "/shell", schemaPath: "#/properties/shell/enum", keyword: "enum", params: { allowedValues: schema54.properties.shell.enum } };
        vErrors === null ? vErrors = [err33] : vErrors.push(err33), errors++;
      }
    }
    if (data.cwd !== void 0) {
      let data15 = data.cwd;
      if (typeof data15 == "string") {
        if (func2(data15) > 4096) {
          let err34 = { instancePath: instancePath + "/cwd", schemaPath: "#/properties/cwd/maxLength", keyword: "maxLength", params: { limit: 4096 } };
          vErrors === null ? vErrors = [err34] : vErrors.push(err34), errors++;
        }
        if (func2(data15) < 1) {
          let err35 = { instancePath: instancePath + "/cwd", schemaPath: "#/properties/cwd/minLength", keyword: "minLength", params: { limit: 1 } };
          vErrors === null ? vErrors = [err35] : vErrors.push(err35), errors++;
        }
        if (!pattern11.test(data15)) {
          let err36 = { instancePath: instancePath + "/cwd", schemaPath: "#/properties/cwd/pattern", keyword: "pattern", params: { pattern: "^[^\\u0000]*$" } };
          vErrors === null ? vErrors = [err36] : vErrors.push(err36), errors++;
        }
      } else {
        let err37 = { instancePath: instancePath + "/cwd", schemaPath: "#/properties/cwd/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err37] : vErrors.push(err37), errors++;
      }
    }
    if (data.stdin !== void 0 && (validate182(data.stdin, { instancePath: instancePath + "/stdin", parentData: data, parentDataProperty: "stdin", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate182.errors : vErrors.concat(validate182.errors), errors = vErrors.length)), data.timeoutMs !== void 0 && (validate186(data.timeoutMs, { instancePath: instancePath + "/timeoutMs", parentData: data, parentDataProperty: "timeoutMs", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate186.errors : vErrors.concat(validate186.errors), errors = vErrors.length)), data.limits !== void 0) {
      let data18 = data.limits;
      if (data18 && typeof data18 == "object" && !Array.isArray(data18)) {
        for (let key4 in data18)
          if (!func1.call(schema54.properties.limits.properties, key4)) {
            let err38 = { instancePath: instancePath + "/limits", schemaPath: "#/properties/limits/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key4 } };
            vErrors === null ? vErrors = [err38] : vErrors.push(err38), errors++;
          }
        if (data18.memoryMb !== void 0) {
          let data19 = data18.memoryMb;
          if (!(typeof data19 == "number" && !(data19 % 1) && !isNaN(data19) && isFinite(data19))) {
            let err39 = { instancePath: instancePath + "/limits/memoryMb", schemaPath: "#/properties/limits/properties/memoryMb/type", keyword: "type", params: { type: "integer" } };
            vErrors === null ? vErrors = [err39] : vErrors.push(err39), errors++;
          }
          if (typeof data19 == "number" && isFinite(data19)) {
            if (data19 > 32768 || isNaN(data19)) {
              let err40 = { instancePath: instancePath + "/limits/memoryMb", schemaPath: "#/properties/limits/properties/memoryMb/maximum", keyword: "maximum", params: { comparison: "<=", limit: 32768 } };
              vErrors === null ? vErrors = [err40] : vErrors.push(err40), errors++;
            }
            if (data19 < 16 || isNaN(data19)) {
              let err41 = { instancePath: instancePath + "/limits/memoryMb", schemaPath: "#/properties/limits/properties/memoryMb/minimum", keyword: "minimum", params: { comparison: ">=", limit: 16 } };
              vErrors === null ? vErrors = [err41] : vErrors.push(err41), errors++;
            }
          }
        }
        if (data18.cpu !== void 0) {
          let data20 = data18.cpu;
          if (!(typeof data20 == "number" && !(data20 % 1) && !isNaN(data20) && isFinite(data20))) {
            let err42 = { instancePath: instancePath + "/limits/cpu", schemaPath: "#/properties/limits/properties/cpu/type", keyword: "type", params: { type: "integer" } };
            vErrors === null ? vErrors = [err42] : vErrors.push(err42), errors++;
          }
          if (typeof data20 == "number" && isFinite(data20)) {
            if (data20 > 8 || isNaN(data20)) {
              let err43 = { instancePath: instancePath + "/limits/cpu", schemaPath: "#/properties/limits/properties/cpu/maximum", keyword: "maximum", params: { comparison: "<=", limit: 8 } };
              vErrors === null ? vErrors = [err43] : vErrors.push(err43), errors++;
            }
            if (data20 < 1 || isNaN(data20)) {
              let err44 = { instancePath: instancePath + "/limits/cpu", schemaPath: "#/properties/limits/properties/cpu/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 } };
              vErrors === null ? vErrors = [err44] : vErrors.push(err44), errors++;
            }
          }
        }
        if (data18.pids !== void 0) {
          let data21 = data18.pids;
          if (!(typeof data21 == "number" && !(data21 % 1) && !isNaN(data21) && isFinite(data21))) {
            let err45 = { instancePath: instancePath + "/limits/pids", schemaPath: "#/properties/limits/properties/pids/type", keyword: "type", params: { type: "integer" } };
            vErrors === null ? vErrors = [err45] : vErrors.push(err45), errors++;
          }
          if (typeof data21 == "number" && isFinite(data21)) {
            if (data21 > 4096 || isNaN(data21)) {
              let err46 = { instancePath: instancePath + "/limits/pids", schemaPath: "#/properties/limits/properties/pids/maximum", keyword: "maximum", params: { comparison: "<=", limit: 4096 } };
              vErrors === null ? vErrors = [err46] : vErrors.push(err46), errors++;
            }
            if (data21 < 4 || isNaN(data21)) {
              let err47 = { instancePath: instancePath + "/limits/pids", schemaPath: "#/properties/limits/properties/pids/minimum", keyword: "minimum", params: { comparison: ">=", limit: 4 } };
              vErrors === null ? vErrors = [err47] : vErrors.push(err47), errors++;
            }
          }
        }
        if (data18.outputBytes !== void 0) {
          let data22 = data18.outputBytes;
          if (!(typeof data22 == "number" && !(data22 % 1) && !isNaN(data22) && isFinite(data22))) {
            let err48 = { instancePath: instancePath + "/limits/outputBytes", schemaPath: "#/properties/limits/properties/outputBytes/type", keyword: "type", params: { type: "integer" } };
            vErrors === null ? vErrors = [err48] : vErrors.push(err48), errors++;
          }
          if (typeof data22 == "number" && isFinite(data22)) {
            if (data22 > 1073741824 || isNaN(data22)) {
              let err49 = { instancePath: instancePath + "/limits/outputBytes", schemaPath: "#/properties/limits/properties/outputBytes/maximum", keyword: "maximum", params: { comparison: "<=", limit: 1073741824 } };
              vErrors === null ? vErrors = [err49] : vErrors.push(err49), errors++;
            }
            if (data22 < 1 || isNaN(data22)) {
              let err50 = { instancePath: instancePath + "/limits/outputBytes", schemaPath: "#/properties/limits/properties/outputBytes/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 } };
              vErrors === null ? vErrors = [err50] : vErrors.push(err50), errors++;
            }
          }
        }
        if (data18.workspaceMb !== void 0 && (validate188(data18.workspaceMb, { instancePath: instancePath + "/limits/workspaceMb", parentData: data18, parentDataProperty: "workspaceMb", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate188.errors : vErrors.concat(validate188.errors), errors = vErrors.length)), data18.idleOutputMs !== void 0 && (validate186(data18.idleOutputMs, { instancePath: instancePath + "/limits/idleOutputMs", parentData: data18, parentDataProperty: "idleOutputMs", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate186.errors : vErrors.concat(validate186.errors), errors = vErrors.length)), data18.cpuMs !== void 0 && (validate186(data18.cpuMs, { instancePath: instancePath + "/limits/cpuMs", parentData: data18, parentDataProperty: "cpuMs", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate186.errors : vErrors.concat(validate186.errors), errors = vErrors.length)), data18.openFiles !== void 0) {
          let data26 = data18.openFiles;
          if (!(typeof data26 == "number" && !(data26 % 1) && !isNaN(data26) && isFinite(data26))) {
            let err51 = { instancePath: instancePath + "/limits/openFiles", schemaPath: "#/properties/limits/properties/openFiles/type", keyword: "type", params: { type: "integer" } };
            vErrors === null ? vErrors = [err51] : vErrors.push(err51), errors++;
          }
          if (typeof data26 == "number" && isFinite(data26)) {
            if (data26 > 65536 || isNaN(data26)) {
              let err52 = { instancePath: instancePath + "/limits/openFiles", schemaPath: "#/properties/limits/properties/openFiles/maximum", keyword: "maximum", params: { comparison: "<=", limit: 65536 } };
              vErrors === null ? vErrors = [err52] : vErrors.push(err52), errors++;
            }
            if (data26 < 32 || isNaN(data26)) {
              let err53 = { instancePath: instancePath + "/limits/openFiles", schemaPath: "#/properties/limits/properties/openFiles/minimum", keyword: "minimum", params: { comparison: ">=", limit: 32 } };
              vErrors === null ? vErrors = [err53] : vErrors.push(err53), errors++;
            }
          }
        }
        if (data18.fileMb !== void 0 && (validate188(data18.fileMb, { instancePath: instancePath + "/limits/fileMb", parentData: data18, parentDataProperty: "fileMb", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate188.errors : vErrors.concat(validate188.errors), errors = vErrors.length)), data18.workspaceFiles !== void 0) {
          let data28 = data18.workspaceFiles;
          if (!(typeof data28 == "number" && !(data28 % 1) && !isNaN(data28) && isFinite(data28))) {
            let err54 = { instancePath: instancePath + "/limits/workspaceFiles", schemaPath: "#/properties/limits/properties/workspaceFiles/type", keyword: "type", params: { type: "integer" } };
            vErrors === null ? vErrors = [err54] : vErrors.push(err54), errors++;
          }
          if (typeof data28 == "number" && isFinite(data28)) {
            if (data28 > 1e6 || isNaN(data28)) {
              let err55 = { instancePath: instancePath + "/limits/workspaceFiles", schemaPath: "#/properties/limits/properties/workspaceFiles/maximum", keyword: "maximum", params: { comparison: "<=", limit: 1e6 } };
              vErrors === null ? vErrors = [err55] : vErrors.push(err55), errors++;
            }
            if (data28 < 1 || isNaN(data28)) {
              let err56 = { instancePath: instancePath + "/limits/workspaceFiles", schemaPath: "#/properties/limits/properties/workspaceFiles/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 } };
              vErrors === null ? vErrors = [err56] : vErrors.push(err56), errors++;
            }
          }
        }
        data18.tmpMb !== void 0 && (validate188(data18.tmpMb, { instancePath: instancePath + "/limits/tmpMb", parentData: data18, parentDataProperty: "tmpMb", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate188.errors : vErrors.concat(validate188.errors), errors = vErrors.length));
      } else {
        let err57 = { instancePath: instancePath + "/limits", schemaPath: "#/properties/limits/type", keyword: "type", params: { type: "object" } };
        vErrors === null ? vErrors = [err57] : vErrors.push(err57), errors++;
      }
    }
    if (data.onOutputLimit !== void 0) {
      let data30 = data.onOutputLimit;
      if (!(data30 === "end" || data30 === "discard")) {
        let err58 = { instancePath: instancePath + "/onOutputLimit", schemaPath: "#/properties/onOutputLimit/enum", keyword: "enum", params: { allowedValues: schema54.properties.onOutputLimit.enum } };
        vErrors === null ? vErrors = [err58] : vErrors.push(err58), errors++;
      }
    }
    if (data.network !== void 0) {
      let data31 = data.network, _errs58 = errors, valid9 = !1, passing1 = null, _errs59 = errors;
      if (!(data31 === "none" || data31 === "internet")) {
        let err59 = { instancePath: instancePath + "/network", schemaPath: "#/properties/network/oneOf/0/enum", keyword: "enum", params: { allowedValues: schema54.properties.network.oneOf[0].enum } };
        vErrors === null ? vErrors = [err59] : vErrors.push(err59), errors++;
      }
      var _valid1 = _errs59 === errors;
      _valid1 && (valid9 = !0, passing1 = 0);
      let _errs60 = errors;
      if (data31 && typeof data31 == "object" && !Array.isArray(data31)) {
        if (data31.allow === void 0) {
          let err60 = { instancePath: instancePath + "/network", schemaPath: "#/properties/network/oneOf/1/required", keyword: "required", params: { missingProperty: "allow" } };
          vErrors === null ? vErrors = [err60] : vErrors.push(err60), errors++;
        }
        for (let key5 in data31)
          if (key5 !== "allow") {
            let err61 = { instancePath: instancePath + "/network", schemaPath: "#/properties/network/oneOf/1/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key5 } };
            vErrors === null ? vErrors = [err61] : vErrors.push(err61), errors++;
          }
        if (data31.allow !== void 0) {
          let data32 = data31.allow;
          if (Array.isArray(data32)) {
            if (data32.length > 64) {
              let err62 = { instancePath: instancePath + "/network/allow", schemaPath: "#/properties/network/oneOf/1/properties/allow/maxItems", keyword: "maxItems", params: { limit: 64 } };
              vErrors === null ? vErrors = [err62] : vErrors.push(err62), errors++;
            }
            if (data32.length < 1) {
              let err63 = { instancePath: instancePath + "/network/allow", schemaPath: "#/properties/network/oneOf/1/properties/allow/minItems", keyword: "minItems", params: { limit: 1 } };
              vErrors === null ? vErrors = [err63] : vErrors.push(err63), errors++;
            }
            let len1 = data32.length;
            for (let i2 = 0; i2 < len1; i2++)
              validate194(data32[i2], { instancePath: instancePath + "/network/allow/" + i2, parentData: data32, parentDataProperty: i2, rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate194.errors : vErrors.concat(validate194.errors), errors = vErrors.length);
          } else {
            let err64 = { instancePath: instancePath + "/network/allow", schemaPath: "#/properties/network/oneOf/1/properties/allow/type", keyword: "type", params: { type: "array" } };
            vErrors === null ? vErrors = [err64] : vErrors.push(err64), errors++;
          }
        }
      } else {
        let err65 = { instancePath: instancePath + "/network", schemaPath: "#/properties/network/oneOf/1/type", keyword: "type", params: { type: "object" } };
        vErrors === null ? vErrors = [err65] : vErrors.push(err65), errors++;
      }
      var _valid1 = _errs60 === errors;
      if (_valid1 && valid9 ? (valid9 = !1, passing1 = [passing1, 1]) : _valid1 && (valid9 = !0, passing1 = 1), valid9)
        errors = _errs58, vErrors !== null && (_errs58 ? vErrors.length = _errs58 : vErrors = null);
      else {
        let err66 = { instancePath: instancePath + "/network", schemaPath: "#/properties/network/oneOf", keyword: "oneOf", params: { passingSchemas: passing1 } };
        vErrors === null ? vErrors = [err66] : vErrors.push(err66), errors++;
      }
    }
    if (data.files !== void 0) {
      let data34 = data.files;
      if (Array.isArray(data34)) {
        if (data34.length > 256) {
          let err67 = { instancePath: instancePath + "/files", schemaPath: "#/properties/files/maxItems", keyword: "maxItems", params: { limit: 256 } };
          vErrors === null ? vErrors = [err67] : vErrors.push(err67), errors++;
        }
        let len2 = data34.length;
        for (let i3 = 0; i3 < len2; i3++) {
          let data35 = data34[i3];
          if (data35 && typeof data35 == "object" && !Array.isArray(data35)) {
            if (data35.path === void 0) {
              let err68 = { instancePath: instancePath + "/files/" + i3, schemaPath: "#/properties/files/items/required", keyword: "required", params: { missingProperty: "path" } };
              vErrors === null ? vErrors = [err68] : vErrors.push(err68), errors++;
            }
            if (data35.content === void 0) {
              let err69 = { instancePath: instancePath + "/files/" + i3, schemaPath: "#/properties/files/items/required", keyword: "required", params: { missingProperty: "content" } };
              vErrors === null ? vErrors = [err69] : vErrors.push(err69), errors++;
            }
            for (let key6 in data35)
              if (!(key6 === "path" || key6 === "content" || key6 === "mode")) {
                let err70 = { instancePath: instancePath + "/files/" + i3, schemaPath: "#/properties/files/items/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key6 } };
                vErrors === null ? vErrors = [err70] : vErrors.push(err70), errors++;
              }
            if (data35.path !== void 0 && (validate196(data35.path, { instancePath: instancePath + "/files/" + i3 + "/path", parentData: data35, parentDataProperty: "path", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate196.errors : vErrors.concat(validate196.errors), errors = vErrors.length)), data35.content !== void 0 && (validate182(data35.content, { instancePath: instancePath + "/files/" + i3 + "/content", parentData: data35, parentDataProperty: "content", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate182.errors : vErrors.concat(validate182.errors), errors = vErrors.length)), data35.mode !== void 0) {
              let data38 = data35.mode;
              if (!(typeof data38 == "number" && !(data38 % 1) && !isNaN(data38) && isFinite(data38))) {
                let err71 = { instancePath: instancePath + "/files/" + i3 + "/mode", schemaPath: "#/properties/files/items/properties/mode/type", keyword: "type", params: { type: "integer" } };
                vErrors === null ? vErrors = [err71] : vErrors.push(err71), errors++;
              }
              if (typeof data38 == "number" && isFinite(data38)) {
                if (data38 > 511 || isNaN(data38)) {
                  let err72 = { instancePath: instancePath + "/files/" + i3 + "/mode", schemaPath: "#/properties/files/items/properties/mode/maximum", keyword: "maximum", params: { comparison: "<=", limit: 511 } };
                  vErrors === null ? vErrors = [err72] : vErrors.push(err72), errors++;
                }
                if (data38 < 0 || isNaN(data38)) {
                  let err73 = { instancePath: instancePath + "/files/" + i3 + "/mode", schemaPath: "#/properties/files/items/properties/mode/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 } };
                  vErrors === null ? vErrors = [err73] : vErrors.push(err73), errors++;
                }
              }
            }
          } else {
            let err74 = { instancePath: instancePath + "/files/" + i3, schemaPath: "#/properties/files/items/type", keyword: "type", params: { type: "object" } };
            vErrors === null ? vErrors = [err74] : vErrors.push(err74), errors++;
          }
        }
      } else {
        let err75 = { instancePath: instancePath + "/files", schemaPath: "#/properties/files/type", keyword: "type", params: { type: "array" } };
        vErrors === null ? vErrors = [err75] : vErrors.push(err75), errors++;
      }
    }
    if (data.outputs !== void 0) {
      let data39 = data.outputs;
      if (Array.isArray(data39)) {
        if (data39.length > 32) {
          let err76 = { instancePath: instancePath + "/outputs", schemaPath: "#/properties/outputs/maxItems", keyword: "maxItems", params: { limit: 32 } };
          vErrors === null ? vErrors = [err76] : vErrors.push(err76), errors++;
        }
        if (data39.length < 1) {
          let err77 = { instancePath: instancePath + "/outputs", schemaPath: "#/properties/outputs/minItems", keyword: "minItems", params: { limit: 1 } };
          vErrors === null ? vErrors = [err77] : vErrors.push(err77), errors++;
        }
        let len3 = data39.length;
        for (let i4 = 0; i4 < len3; i4++) {
          let data40 = data39[i4];
          if (typeof data40 == "string") {
            if (func2(data40) > 1024) {
              let err78 = { instancePath: instancePath + "/outputs/" + i4, schemaPath: "#/properties/outputs/items/maxLength", keyword: "maxLength", params: { limit: 1024 } };
              vErrors === null ? vErrors = [err78] : vErrors.push(err78), errors++;
            }
            if (func2(data40) < 1) {
              let err79 = { instancePath: instancePath + "/outputs/" + i4, schemaPath: "#/properties/outputs/items/minLength", keyword: "minLength", params: { limit: 1 } };
              vErrors === null ? vErrors = [err79] : vErrors.push(err79), errors++;
            }
            if (!pattern27.test(data40)) {
              let err80 = { instancePath: instancePath + "/outputs/" + i4, schemaPath: "#/properties/outputs/items/pattern", keyword: "pattern", params: { pattern: "^(?!/)(?!(?:[^\\u0000]*/)?\\.\\.(?:/|$))[^\\u0000]+$" } };
              vErrors === null ? vErrors = [err80] : vErrors.push(err80), errors++;
            }
          } else {
            let err81 = { instancePath: instancePath + "/outputs/" + i4, schemaPath: "#/properties/outputs/items/type", keyword: "type", params: { type: "string" } };
            vErrors === null ? vErrors = [err81] : vErrors.push(err81), errors++;
          }
        }
      } else {
        let err82 = { instancePath: instancePath + "/outputs", schemaPath: "#/properties/outputs/type", keyword: "type", params: { type: "array" } };
        vErrors === null ? vErrors = [err82] : vErrors.push(err82), errors++;
      }
    }
    if (data.streamOutput !== void 0 && typeof data.streamOutput != "boolean") {
      let err83 = { instancePath: instancePath + "/streamOutput", schemaPath: "#/properties/streamOutput/type", keyword: "type", params: { type: "boolean" } };
      vErrors === null ? vErrors = [err83] : vErrors.push(err83), errors++;
    }
    if (data.retry !== void 0) {
      let data42 = data.retry;
      if (data42 && typeof data42 == "object" && !Array.isArray(data42)) {
        if (data42.maxGenerations === void 0) {
          let err84 = { instancePath: instancePath + "/retry", schemaPath: "#/properties/retry/required", keyword: "required", params: { missingProperty: "maxGenerations" } };
          vErrors === null ? vErrors = [err84] : vErrors.push(err84), errors++;
        }
        for (let key7 in data42)
          if (key7 !== "maxGenerations") {
            let err85 = { instancePath: instancePath + "/retry", schemaPath: "#/properties/retry/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key7 } };
            vErrors === null ? vErrors = [err85] : vErrors.push(err85), errors++;
          }
        if (data42.maxGenerations !== void 0) {
          let data43 = data42.maxGenerations;
          if (!(typeof data43 == "number" && !(data43 % 1) && !isNaN(data43) && isFinite(data43))) {
            let err86 = { instancePath: instancePath + "/retry/maxGenerations", schemaPath: "#/properties/retry/properties/maxGenerations/type", keyword: "type", params: { type: "integer" } };
            vErrors === null ? vErrors = [err86] : vErrors.push(err86), errors++;
          }
          if (typeof data43 == "number" && isFinite(data43)) {
            if (data43 > 10 || isNaN(data43)) {
              let err87 = { instancePath: instancePath + "/retry/maxGenerations", schemaPath: "#/properties/retry/properties/maxGenerations/maximum", keyword: "maximum", params: { comparison: "<=", limit: 10 } };
              vErrors === null ? vErrors = [err87] : vErrors.push(err87), errors++;
            }
            if (data43 < 1 || isNaN(data43)) {
              let err88 = { instancePath: instancePath + "/retry/maxGenerations", schemaPath: "#/properties/retry/properties/maxGenerations/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 } };
              vErrors === null ? vErrors = [err88] : vErrors.push(err88), errors++;
            }
          }
        }
      } else {
        let err89 = { instancePath: instancePath + "/retry", schemaPath: "#/properties/retry/type", keyword: "type", params: { type: "object" } };
        vErrors === null ? vErrors = [err89] : vErrors.push(err89), errors++;
      }
    }
    if (data.priority !== void 0) {
      let data44 = data.priority;
      if (!(typeof data44 == "number" && !(data44 % 1) && !isNaN(data44) && isFinite(data44))) {
        let err90 = { instancePath: instancePath + "/priority", schemaPath: "#/properties/priority/type", keyword: "type", params: { type: "integer" } };
        vErrors === null ? vErrors = [err90] : vErrors.push(err90), errors++;
      }
      if (typeof data44 == "number" && isFinite(data44)) {
        if (data44 > 9 || isNaN(data44)) {
          let err91 = { instancePath: instancePath + "/priority", schemaPath: "#/properties/priority/maximum", keyword: "maximum", params: { comparison: "<=", limit: 9 } };
          vErrors === null ? vErrors = [err91] : vErrors.push(err91), errors++;
        }
        if (data44 < 0 || isNaN(data44)) {
          let err92 = { instancePath: instancePath + "/priority", schemaPath: "#/properties/priority/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 } };
          vErrors === null ? vErrors = [err92] : vErrors.push(err92), errors++;
        }
      }
    }
    if (data.sequence !== void 0) {
      let data45 = data.sequence;
      if (!(typeof data45 == "number" && !(data45 % 1) && !isNaN(data45) && isFinite(data45))) {
        let err93 = { instancePath: instancePath + "/sequence", schemaPath: "#/properties/sequence/type", keyword: "type", params: { type: "integer" } };
        vErrors === null ? vErrors = [err93] : vErrors.push(err93), errors++;
      }
      if (typeof data45 == "number" && isFinite(data45)) {
        if (data45 > 9007199254740991 || isNaN(data45)) {
          let err94 = { instancePath: instancePath + "/sequence", schemaPath: "#/properties/sequence/maximum", keyword: "maximum", params: { comparison: "<=", limit: 9007199254740991 } };
          vErrors === null ? vErrors = [err94] : vErrors.push(err94), errors++;
        }
        if (data45 < 1 || isNaN(data45)) {
          let err95 = { instancePath: instancePath + "/sequence", schemaPath: "#/properties/sequence/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 } };
          vErrors === null ? vErrors = [err95] : vErrors.push(err95), errors++;
        }
      }
    }
    if (data.expiresAt !== void 0 && (validate148(data.expiresAt, { instancePath: instancePath + "/expiresAt", parentData: data, parentDataProperty: "expiresAt", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate148.errors : vErrors.concat(validate148.errors), errors = vErrors.length)), data.durability !== void 0) {
      let data47 = data.durability;
      if (!(data47 === "checkpointed" || data47 === "acknowledged")) {
        let err96 = { instancePath: instancePath + "/durability", schemaPath: "#/properties/durability/enum", keyword: "enum", params: { allowedValues: schema54.properties.durability.enum } };
        vErrors === null ? vErrors = [err96] : vErrors.push(err96), errors++;
      }
    }
    if (data.checkpoint !== void 0 && (validate61(data.checkpoint, { instancePath: instancePath + "/checkpoint", parentData: data, parentDataProperty: "checkpoint", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate61.errors : vErrors.concat(validate61.errors), errors = vErrors.length)), data.checkpointOf !== void 0 && (validate57(data.checkpointOf, { instancePath: instancePath + "/checkpointOf", parentData: data, parentDataProperty: "checkpointOf", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate57.errors : vErrors.concat(validate57.errors), errors = vErrors.length)), data.lane !== void 0) {
      let data50 = data.lane;
      if (!(data50 === "auto" || data50 === "cold" || data50 === "warm")) {
        let err97 = { instancePath: instancePath + "/lane", schemaPath: "#/properties/lane/enum", keyword: "enum", params: { allowedValues: schema54.properties.lane.enum } };
        vErrors === null ? vErrors = [err97] : vErrors.push(err97), errors++;
      }
    }
    data.labels !== void 0 && (validate151(data.labels, { instancePath: instancePath + "/labels", parentData: data, parentDataProperty: "labels", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate151.errors : vErrors.concat(validate151.errors), errors = vErrors.length)), data.replayOf !== void 0 && (validate153(data.replayOf, { instancePath: instancePath + "/replayOf", parentData: data, parentDataProperty: "replayOf", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate153.errors : vErrors.concat(validate153.errors), errors = vErrors.length));
  } else {
    let err98 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err98] : vErrors.push(err98), errors++;
  }
  return validate176.errors = vErrors, errors === 0;
}
validate176.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
var isFileRequest = validate204, schema60 = { $id: "file-request.v1.schema.json", type: "object", additionalProperties: !1, required: ["requestId", "sessionId", "expiresAt"], properties: { version: { $ref: "version.definition" }, requestId: { type: "string", pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$" }, sessionId: { $ref: "sessionId.definition" }, tenantId: { $ref: "tenantId.definition" }, expiresAt: { $ref: "timestamp.definition" }, operations: { type: "array", minItems: 1, maxItems: 500, items: { type: "object", additionalProperties: !1, required: ["kind", "path"], properties: { kind: { enum: ["write", "append", "make-directory", "remove", "move", "read", "list", "stat"] }, path: { $ref: "filePath.definition" }, content: { $ref: "inlineBytes.definition" }, mode: { type: "integer", minimum: 0, maximum: 511 }, to: { $ref: "filePath.definition" }, overwrite: { type: "boolean" }, recursive: { type: "boolean" }, force: { type: "boolean" }, offset: { $ref: "count.definition" }, length: { $ref: "count.definition" }, maxBytes: { $ref: "count.definition" }, glob: { type: "string", minLength: 1, maxLength: 1024, pattern: "^[^\\u0000]*$" } } } }, operationsRef: { $ref: "objectRef.definition" } }, oneOf: [{ required: ["operations"] }, { required: ["operationsRef"] }] };
function validate204(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate204.evaluated;
  evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0);
  let _errs1 = errors, valid0 = !1, passing0 = null, _errs2 = errors;
  if (data && typeof data == "object" && !Array.isArray(data) && data.operations === void 0) {
    let err0 = { instancePath, schemaPath: "#/oneOf/0/required", keyword: "required", params: { missingProperty: "operations" } };
    vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
  }
  var _valid0 = _errs2 === errors;
  _valid0 && (valid0 = !0, passing0 = 0);
  let _errs3 = errors;
  if (data && typeof data == "object" && !Array.isArray(data) && data.operationsRef === void 0) {
    let err1 = { instancePath, schemaPath: "#/oneOf/1/required", keyword: "required", params: { missingProperty: "operationsRef" } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  var _valid0 = _errs3 === errors;
  if (_valid0 && valid0 ? (valid0 = !1, passing0 = [passing0, 1]) : _valid0 && (valid0 = !0, passing0 = 1), valid0)
    errors = _errs1, vErrors !== null && (_errs1 ? vErrors.length = _errs1 : vErrors = null);
  else {
    let err2 = { instancePath, schemaPath: "#/oneOf", keyword: "oneOf", params: { passingSchemas: passing0 } };
    vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
  }
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.requestId === void 0) {
      let err3 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "requestId" } };
      vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
    }
    if (data.sessionId === void 0) {
      let err4 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "sessionId" } };
      vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
    }
    if (data.expiresAt === void 0) {
      let err5 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "expiresAt" } };
      vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
    }
    for (let key0 in data)
      if (!(key0 === "version" || key0 === "requestId" || key0 === "sessionId" || key0 === "tenantId" || key0 === "expiresAt" || key0 === "operations" || key0 === "operationsRef")) {
        let err6 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
      }
    if (data.version !== void 0 && (validate53(data.version, { instancePath: instancePath + "/version", parentData: data, parentDataProperty: "version", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate53.errors : vErrors.concat(validate53.errors), errors = vErrors.length)), data.requestId !== void 0) {
      let data1 = data.requestId;
      if (typeof data1 == "string") {
        if (!pattern3.test(data1)) {
          let err7 = { instancePath: instancePath + "/requestId", schemaPath: "#/properties/requestId/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$" } };
          vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
        }
      } else {
        let err8 = { instancePath: instancePath + "/requestId", schemaPath: "#/properties/requestId/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
      }
    }
    if (data.sessionId !== void 0 && (validate57(data.sessionId, { instancePath: instancePath + "/sessionId", parentData: data, parentDataProperty: "sessionId", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate57.errors : vErrors.concat(validate57.errors), errors = vErrors.length)), data.tenantId !== void 0 && (validate59(data.tenantId, { instancePath: instancePath + "/tenantId", parentData: data, parentDataProperty: "tenantId", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate59.errors : vErrors.concat(validate59.errors), errors = vErrors.length)), data.expiresAt !== void 0 && (validate148(data.expiresAt, { instancePath: instancePath + "/expiresAt", parentData: data, parentDataProperty: "expiresAt", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate148.errors : vErrors.concat(validate148.errors), errors = vErrors.length)), data.operations !== void 0) {
      let data5 = data.operations;
      if (Array.isArray(data5)) {
        if (data5.length > 500) {
          let err9 = { instancePath: instancePath + "/operations", schemaPath: "#/properties/operations/maxItems", keyword: "maxItems", params: { limit: 500 } };
          vErrors === null ? vErrors = [err9] : vErrors.push(err9), errors++;
        }
        if (data5.length < 1) {
          let err10 = { instancePath: instancePath + "/operations", schemaPath: "#/properties/operations/minItems", keyword: "minItems", params: { limit: 1 } };
          vErrors === null ? vErrors = [err10] : vErrors.push(err10), errors++;
        }
        let len0 = data5.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data6 = data5[i0];
          if (data6 && typeof data6 == "object" && !Array.isArray(data6)) {
            if (data6.kind === void 0) {
              let err11 = { instancePath: instancePath + "/operations/" + i0, schemaPath: "#/properties/operations/items/required", keyword: "required", params: { missingProperty: "kind" } };
              vErrors === null ? vErrors = [err11] : vErrors.push(err11), errors++;
            }
            if (data6.path === void 0) {
              let err12 = { instancePath: instancePath + "/operations/" + i0, schemaPath: "#/properties/operations/items/required", keyword: "required", params: { missingProperty: "path" } };
              vErrors === null ? vErrors = [err12] : vErrors.push(err12), errors++;
            }
            for (let key1 in data6)
              if (!func1.call(schema60.properties.operations.items.properties, key1)) {
                let err13 = { instancePath: instancePath + "/operations/" + i0, schemaPath: "#/properties/operations/items/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key1 } };
                vErrors === null ? vErrors = [err13] : vErrors.push(err13), errors++;
              }
            if (data6.kind !== void 0) {
              let data7 = data6.kind;
              if (!(data7 === "write" || data7 === "append" || data7 === "make-directory" || data7 === "remove" || data7 === "move" || data7 === "read" || data7 === "list" || data7 === "stat")) {
                let err14 = { instancePath: instancePath + "/operations/" + i0 + "/kind", schemaPath: "#/properties/operations/items/properties/kind/enum", keyword: "enum", params: { allowedValues: schema60.properties.operations.items.properties.kind.enum } };
                vErrors === null ? vErrors = [err14] : vErrors.push(err14), errors++;
              }
            }
            if (data6.path !== void 0 && (validate94(data6.path, { instancePath: instancePath + "/operations/" + i0 + "/path", parentData: data6, parentDataProperty: "path", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate94.errors : vErrors.concat(validate94.errors), errors = vErrors.length)), data6.content !== void 0 && (validate182(data6.content, { instancePath: instancePath + "/operations/" + i0 + "/content", parentData: data6, parentDataProperty: "content", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate182.errors : vErrors.concat(validate182.errors), errors = vErrors.length)), data6.mode !== void 0) {
              let data10 = data6.mode;
              if (!(typeof data10 == "number" && !(data10 % 1) && !isNaN(data10) && isFinite(data10))) {
                let err15 = { instancePath: instancePath + "/operations/" + i0 + "/mode", schemaPath: "#/properties/operations/items/properties/mode/type", keyword: "type", params: { type: "integer" } };
                vErrors === null ? vErrors = [err15] : vErrors.push(err15), errors++;
              }
              if (typeof data10 == "number" && isFinite(data10)) {
                if (data10 > 511 || isNaN(data10)) {
                  let err16 = { instancePath: instancePath + "/operations/" + i0 + "/mode", schemaPath: "#/properties/operations/items/properties/mode/maximum", keyword: "maximum", params: { comparison: "<=", limit: 511 } };
                  vErrors === null ? vErrors = [err16] : vErrors.push(err16), errors++;
                }
                if (data10 < 0 || isNaN(data10)) {
                  let err17 = { instancePath: instancePath + "/operations/" + i0 + "/mode", schemaPath: "#/properties/operations/items/properties/mode/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 } };
                  vErrors === null ? vErrors = [err17] : vErrors.push(err17), errors++;
                }
              }
            }
            if (data6.to !== void 0 && (validate94(data6.to, { instancePath: instancePath + "/operations/" + i0 + "/to", parentData: data6, parentDataProperty: "to", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate94.errors : vErrors.concat(validate94.errors), errors = vErrors.length)), data6.overwrite !== void 0 && typeof data6.overwrite != "boolean") {
              let err18 = { instancePath: instancePath + "/operations/" + i0 + "/overwrite", schemaPath: "#/properties/operations/items/properties/overwrite/type", keyword: "type", params: { type: "boolean" } };
              vErrors === null ? vErrors = [err18] : vErrors.push(err18), errors++;
            }
            if (data6.recursive !== void 0 && typeof data6.recursive != "boolean") {
              let err19 = { instancePath: instancePath + "/operations/" + i0 + "/recursive", schemaPath: "#/properties/operations/items/properties/recursive/type", keyword: "type", params: { type: "boolean" } };
              vErrors === null ? vErrors = [err19] : vErrors.push(err19), errors++;
            }
            if (data6.force !== void 0 && typeof data6.force != "boolean") {
              let err20 = { instancePath: instancePath + "/operations/" + i0 + "/force", schemaPath: "#/properties/operations/items/properties/force/type", keyword: "type", params: { type: "boolean" } };
              vErrors === null ? vErrors = [err20] : vErrors.push(err20), errors++;
            }
            if (data6.offset !== void 0 && (validate61(data6.offset, { instancePath: instancePath + "/operations/" + i0 + "/offset", parentData: data6, parentDataProperty: "offset", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate61.errors : vErrors.concat(validate61.errors), errors = vErrors.length)), data6.length !== void 0 && (validate61(data6.length, { instancePath: instancePath + "/operations/" + i0 + "/length", parentData: data6, parentDataProperty: "length", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate61.errors : vErrors.concat(validate61.errors), errors = vErrors.length)), data6.maxBytes !== void 0 && (validate61(data6.maxBytes, { instancePath: instancePath + "/operations/" + i0 + "/maxBytes", parentData: data6, parentDataProperty: "maxBytes", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate61.errors : vErrors.concat(validate61.errors), errors = vErrors.length)), data6.glob !== void 0) {
              let data18 = data6.glob;
              if (typeof data18 == "string") {
                if (func2(data18) > 1024) {
                  let err21 = { instancePath: instancePath + "/operations/" + i0 + "/glob", schemaPath: "#/properties/operations/items/properties/glob/maxLength", keyword: "maxLength", params: { limit: 1024 } };
                  vErrors === null ? vErrors = [err21] : vErrors.push(err21), errors++;
                }
                if (func2(data18) < 1) {
                  let err22 = { instancePath: instancePath + "/operations/" + i0 + "/glob", schemaPath: "#/properties/operations/items/properties/glob/minLength", keyword: "minLength", params: { limit: 1 } };
                  vErrors === null ? vErrors = [err22] : vErrors.push(err22), errors++;
                }
                if (!pattern11.test(data18)) {
                  let err23 = { instancePath: instancePath + "/operations/" + i0 + "/glob", schemaPath: "#/properties/operations/items/properties/glob/pattern", keyword: "pattern", params: { pattern: "^[^\\u0000]*$" } };
                  vErrors === null ? vErrors = [err23] : vErrors.push(err23), errors++;
                }
              } else {
                let err24 = { instancePath: instancePath + "/operations/" + i0 + "/glob", schemaPath: "#/properties/operations/items/properties/glob/type", keyword: "type", params: { type: "string" } };
                vErrors === null ? vErrors = [err24] : vErrors.push(err24), errors++;
              }
            }
          } else {
            let err25 = { instancePath: instancePath + "/operations/" + i0, schemaPath: "#/properties/operations/items/type", keyword: "type", params: { type: "object" } };
            vErrors === null ? vErrors = [err25] : vErrors.push(err25), errors++;
          }
        }
      } else {
        let err26 = { instancePath: instancePath + "/operations", schemaPath: "#/properties/operations/type", keyword: "type", params: { type: "array" } };
        vErrors === null ? vErrors = [err26] : vErrors.push(err26), errors++;
      }
    }
    data.operationsRef !== void 0 && (validate89(data.operationsRef, { instancePath: instancePath + "/operationsRef", parentData: data, parentDataProperty: "operationsRef", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate89.errors : vErrors.concat(validate89.errors), errors = vErrors.length));
  } else {
    let err27 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err27] : vErrors.push(err27), errors++;
  }
  return validate204.errors = vErrors, errors === 0;
}
validate204.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
var isNotification = validate216, schema61 = { $id: "notification.v1.schema.json", type: "object", additionalProperties: !1, required: ["executionId", "sessionId", "tenantId", "generation", "status", "outcome", "exitCode", "signal", "document", "finishedAt"], properties: { version: { $ref: "version.definition" }, executionId: { $ref: "executionId.definition" }, sessionId: { $ref: "sessionId.definition" }, tenantId: { $ref: "tenantId.definition" }, generation: { $ref: "count.definition" }, status: { $ref: "status.definition" }, outcome: { $ref: "outcome.definition" }, exitCode: { $ref: "exitCode.definition" }, signal: { $ref: "signal.definition" }, document: { type: "string" }, checkpoint: { type: ["integer", "null"] }, finishedAt: { $ref: "timestamp.definition" }, labels: { $ref: "labels.definition" }, replayOf: { $ref: "replayOf.definition" } } };
function validate216(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate216.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), data && typeof data == "object" && !Array.isArray(data)) {
    if (data.executionId === void 0) {
      let err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "executionId" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    if (data.sessionId === void 0) {
      let err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "sessionId" } };
      vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
    }
    if (data.tenantId === void 0) {
      let err2 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "tenantId" } };
      vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
    }
    if (data.generation === void 0) {
      let err3 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "generation" } };
      vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
    }
    if (data.status === void 0) {
      let err4 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "status" } };
      vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
    }
    if (data.outcome === void 0) {
      let err5 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "outcome" } };
      vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
    }
    if (data.exitCode === void 0) {
      let err6 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "exitCode" } };
      vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
    }
    if (data.signal === void 0) {
      let err7 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "signal" } };
      vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
    }
    if (data.document === void 0) {
      let err8 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "document" } };
      vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
    }
    if (data.finishedAt === void 0) {
      let err9 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "finishedAt" } };
      vErrors === null ? vErrors = [err9] : vErrors.push(err9), errors++;
    }
    for (let key0 in data)
      if (!func1.call(schema61.properties, key0)) {
        let err10 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err10] : vErrors.push(err10), errors++;
      }
    if (data.version !== void 0 && (validate53(data.version, { instancePath: instancePath + "/version", parentData: data, parentDataProperty: "version", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate53.errors : vErrors.concat(validate53.errors), errors = vErrors.length)), data.executionId !== void 0 && (validate55(data.executionId, { instancePath: instancePath + "/executionId", parentData: data, parentDataProperty: "executionId", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate55.errors : vErrors.concat(validate55.errors), errors = vErrors.length)), data.sessionId !== void 0 && (validate57(data.sessionId, { instancePath: instancePath + "/sessionId", parentData: data, parentDataProperty: "sessionId", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate57.errors : vErrors.concat(validate57.errors), errors = vErrors.length)), data.tenantId !== void 0 && (validate59(data.tenantId, { instancePath: instancePath + "/tenantId", parentData: data, parentDataProperty: "tenantId", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate59.errors : vErrors.concat(validate59.errors), errors = vErrors.length)), data.generation !== void 0 && (validate61(data.generation, { instancePath: instancePath + "/generation", parentData: data, parentDataProperty: "generation", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate61.errors : vErrors.concat(validate61.errors), errors = vErrors.length)), data.status !== void 0 && (validate75(data.status, { instancePath: instancePath + "/status", parentData: data, parentDataProperty: "status", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate75.errors : vErrors.concat(validate75.errors), errors = vErrors.length)), data.outcome !== void 0 && (validate66(data.outcome, { instancePath: instancePath + "/outcome", parentData: data, parentDataProperty: "outcome", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate66.errors : vErrors.concat(validate66.errors), errors = vErrors.length)), data.exitCode !== void 0 && (validate77(data.exitCode, { instancePath: instancePath + "/exitCode", parentData: data, parentDataProperty: "exitCode", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate77.errors : vErrors.concat(validate77.errors), errors = vErrors.length)), data.signal !== void 0 && (validate79(data.signal, { instancePath: instancePath + "/signal", parentData: data, parentDataProperty: "signal", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate79.errors : vErrors.concat(validate79.errors), errors = vErrors.length)), data.document !== void 0 && typeof data.document != "string") {
      let err11 = { instancePath: instancePath + "/document", schemaPath: "#/properties/document/type", keyword: "type", params: { type: "string" } };
      vErrors === null ? vErrors = [err11] : vErrors.push(err11), errors++;
    }
    if (data.checkpoint !== void 0) {
      let data10 = data.checkpoint;
      if (!(typeof data10 == "number" && !(data10 % 1) && !isNaN(data10) && isFinite(data10)) && data10 !== null) {
        let err12 = { instancePath: instancePath + "/checkpoint", schemaPath: "#/properties/checkpoint/type", keyword: "type", params: { type: schema61.properties.checkpoint.type } };
        vErrors === null ? vErrors = [err12] : vErrors.push(err12), errors++;
      }
    }
    data.finishedAt !== void 0 && (validate148(data.finishedAt, { instancePath: instancePath + "/finishedAt", parentData: data, parentDataProperty: "finishedAt", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate148.errors : vErrors.concat(validate148.errors), errors = vErrors.length)), data.labels !== void 0 && (validate151(data.labels, { instancePath: instancePath + "/labels", parentData: data, parentDataProperty: "labels", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate151.errors : vErrors.concat(validate151.errors), errors = vErrors.length)), data.replayOf !== void 0 && (validate153(data.replayOf, { instancePath: instancePath + "/replayOf", parentData: data, parentDataProperty: "replayOf", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate153.errors : vErrors.concat(validate153.errors), errors = vErrors.length));
  } else {
    let err13 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err13] : vErrors.push(err13), errors++;
  }
  return validate216.errors = vErrors, errors === 0;
}
validate216.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
var isOutputChunk = validate229, schema62 = { $id: "output-chunk.v1.schema.json", type: "object", additionalProperties: !1, required: ["executionId", "sessionId", "generation", "seq", "stream", "bytes", "at"], properties: { version: { $ref: "version.definition" }, executionId: { $ref: "executionId.definition" }, sessionId: { $ref: "sessionId.definition" }, generation: { $ref: "positive.definition" }, seq: { $ref: "count.definition" }, stream: { enum: ["stdout", "stderr"] }, bytes: { $ref: "base64.definition" }, at: { $ref: "timestamp.definition" } } };
function validate229(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate229.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), data && typeof data == "object" && !Array.isArray(data)) {
    if (data.executionId === void 0) {
      let err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "executionId" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    if (data.sessionId === void 0) {
      let err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "sessionId" } };
      vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
    }
    if (data.generation === void 0) {
      let err2 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "generation" } };
      vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
    }
    if (data.seq === void 0) {
      let err3 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "seq" } };
      vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
    }
    if (data.stream === void 0) {
      let err4 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "stream" } };
      vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
    }
    if (data.bytes === void 0) {
      let err5 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "bytes" } };
      vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
    }
    if (data.at === void 0) {
      let err6 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "at" } };
      vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
    }
    for (let key0 in data)
      if (!(key0 === "version" || key0 === "executionId" || key0 === "sessionId" || key0 === "generation" || key0 === "seq" || key0 === "stream" || key0 === "bytes" || key0 === "at")) {
        let err7 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
      }
    if (data.version !== void 0 && (validate53(data.version, { instancePath: instancePath + "/version", parentData: data, parentDataProperty: "version", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate53.errors : vErrors.concat(validate53.errors), errors = vErrors.length)), data.executionId !== void 0 && (validate55(data.executionId, { instancePath: instancePath + "/executionId", parentData: data, parentDataProperty: "executionId", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate55.errors : vErrors.concat(validate55.errors), errors = vErrors.length)), data.sessionId !== void 0 && (validate57(data.sessionId, { instancePath: instancePath + "/sessionId", parentData: data, parentDataProperty: "sessionId", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate57.errors : vErrors.concat(validate57.errors), errors = vErrors.length)), data.generation !== void 0 && (validate67(data.generation, { instancePath: instancePath + "/generation", parentData: data, parentDataProperty: "generation", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate67.errors : vErrors.concat(validate67.errors), errors = vErrors.length)), data.seq !== void 0 && (validate61(data.seq, { instancePath: instancePath + "/seq", parentData: data, parentDataProperty: "seq", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate61.errors : vErrors.concat(validate61.errors), errors = vErrors.length)), data.stream !== void 0) {
      let data5 = data.stream;
      if (!(data5 === "stdout" || data5 === "stderr")) {
        let err8 = { instancePath: instancePath + "/stream", schemaPath: "#/properties/stream/enum", keyword: "enum", params: { allowedValues: schema62.properties.stream.enum } };
        vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
      }
    }
    data.bytes !== void 0 && (validate81(data.bytes, { instancePath: instancePath + "/bytes", parentData: data, parentDataProperty: "bytes", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate81.errors : vErrors.concat(validate81.errors), errors = vErrors.length)), data.at !== void 0 && (validate148(data.at, { instancePath: instancePath + "/at", parentData: data, parentDataProperty: "at", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate148.errors : vErrors.concat(validate148.errors), errors = vErrors.length));
  } else {
    let err9 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err9] : vErrors.push(err9), errors++;
  }
  return validate229.errors = vErrors, errors === 0;
}
validate229.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
var isReplayRequest = validate237, schema63 = { $id: "replay-request.v1.schema.json", type: "object", additionalProperties: !1, required: ["replayId", "deadLetterId", "reason"], properties: { version: { $ref: "version.definition" }, replayId: { type: "string", pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$" }, deadLetterId: { type: "string", pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,255}$" }, reason: { type: "string", minLength: 1, maxLength: 1024 }, verb: { enum: ["replay", "dismiss"] }, includeDismissed: { type: "boolean" }, set: { type: "object", maxProperties: 64 }, mode: { enum: ["current", "original", "fork"] }, expectedReplays: { $ref: "count.definition" } } };
function validate237(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate237.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), data && typeof data == "object" && !Array.isArray(data)) {
    if (data.replayId === void 0) {
      let err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "replayId" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    if (data.deadLetterId === void 0) {
      let err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "deadLetterId" } };
      vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
    }
    if (data.reason === void 0) {
      let err2 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "reason" } };
      vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
    }
    for (let key0 in data)
      if (!func1.call(schema63.properties, key0)) {
        let err3 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
      }
    if (data.version !== void 0 && (validate53(data.version, { instancePath: instancePath + "/version", parentData: data, parentDataProperty: "version", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate53.errors : vErrors.concat(validate53.errors), errors = vErrors.length)), data.replayId !== void 0) {
      let data1 = data.replayId;
      if (typeof data1 == "string") {
        if (!pattern3.test(data1)) {
          let err4 = { instancePath: instancePath + "/replayId", schemaPath: "#/properties/replayId/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$" } };
          vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
        }
      } else {
        let err5 = { instancePath: instancePath + "/replayId", schemaPath: "#/properties/replayId/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
      }
    }
    if (data.deadLetterId !== void 0) {
      let data2 = data.deadLetterId;
      if (typeof data2 == "string") {
        if (!pattern15.test(data2)) {
          let err6 = { instancePath: instancePath + "/deadLetterId", schemaPath: "#/properties/deadLetterId/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,255}$" } };
          vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
        }
      } else {
        let err7 = { instancePath: instancePath + "/deadLetterId", schemaPath: "#/properties/deadLetterId/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
      }
    }
    if (data.reason !== void 0) {
      let data3 = data.reason;
      if (typeof data3 == "string") {
        if (func2(data3) > 1024) {
          let err8 = { instancePath: instancePath + "/reason", schemaPath: "#/properties/reason/maxLength", keyword: "maxLength", params: { limit: 1024 } };
          vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
        }
        if (func2(data3) < 1) {
          let err9 = { instancePath: instancePath + "/reason", schemaPath: "#/properties/reason/minLength", keyword: "minLength", params: { limit: 1 } };
          vErrors === null ? vErrors = [err9] : vErrors.push(err9), errors++;
        }
      } else {
        let err10 = { instancePath: instancePath + "/reason", schemaPath: "#/properties/reason/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err10] : vErrors.push(err10), errors++;
      }
    }
    if (data.verb !== void 0) {
      let data4 = data.verb;
      if (!(data4 === "replay" || data4 === "dismiss")) {
        let err11 = { instancePath: instancePath + "/verb", schemaPath: "#/properties/verb/enum", keyword: "enum", params: { allowedValues: schema63.properties.verb.enum } };
        vErrors === null ? vErrors = [err11] : vErrors.push(err11), errors++;
      }
    }
    if (data.includeDismissed !== void 0 && typeof data.includeDismissed != "boolean") {
      let err12 = { instancePath: instancePath + "/includeDismissed", schemaPath: "#/properties/includeDismissed/type", keyword: "type", params: { type: "boolean" } };
      vErrors === null ? vErrors = [err12] : vErrors.push(err12), errors++;
    }
    if (data.set !== void 0) {
      let data6 = data.set;
      if (data6 && typeof data6 == "object" && !Array.isArray(data6)) {
        if (Object.keys(data6).length > 64) {
          let err13 = { instancePath: instancePath + "/set", schemaPath: "#/properties/set/maxProperties", keyword: "maxProperties", params: { limit: 64 } };
          vErrors === null ? vErrors = [err13] : vErrors.push(err13), errors++;
        }
      } else {
        let err14 = { instancePath: instancePath + "/set", schemaPath: "#/properties/set/type", keyword: "type", params: { type: "object" } };
        vErrors === null ? vErrors = [err14] : vErrors.push(err14), errors++;
      }
    }
    if (data.mode !== void 0) {
      let data7 = data.mode;
      if (!(data7 === "current" || data7 === "original" || data7 === "fork")) {
        let err15 = { instancePath: instancePath + "/mode", schemaPath: "#/properties/mode/enum", keyword: "enum", params: { allowedValues: schema63.properties.mode.enum } };
        vErrors === null ? vErrors = [err15] : vErrors.push(err15), errors++;
      }
    }
    data.expectedReplays !== void 0 && (validate61(data.expectedReplays, { instancePath: instancePath + "/expectedReplays", parentData: data, parentDataProperty: "expectedReplays", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate61.errors : vErrors.concat(validate61.errors), errors = vErrors.length));
  } else {
    let err16 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err16] : vErrors.push(err16), errors++;
  }
  return validate237.errors = vErrors, errors === 0;
}
validate237.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
var isSweep = validate240;
function validate240(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate240.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), data && typeof data == "object" && !Array.isArray(data)) {
    for (let key0 in data)
      if (!(key0 === "version" || key0 === "requestedAt")) {
        let err0 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
      }
    data.version !== void 0 && (validate53(data.version, { instancePath: instancePath + "/version", parentData: data, parentDataProperty: "version", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate53.errors : vErrors.concat(validate53.errors), errors = vErrors.length)), data.requestedAt !== void 0 && (validate148(data.requestedAt, { instancePath: instancePath + "/requestedAt", parentData: data, parentDataProperty: "requestedAt", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate148.errors : vErrors.concat(validate148.errors), errors = vErrors.length));
  } else {
    let err1 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  return validate240.errors = vErrors, errors === 0;
}
validate240.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
var isTenantDocument = validate243, schema65 = { $id: "tenant.document.schema.json", type: "object", additionalProperties: !1, required: [], properties: { weight: { type: "number", minimum: 1e-3, maximum: 1e6 }, maxRunning: { type: "integer", minimum: 0, maximum: 1e6 }, startsPerMinute: { type: "integer", minimum: 0, maximum: 1e6 }, maxQueued: { type: "integer", minimum: 0, maximum: 1e6 }, network: {}, ceilings: { type: "object", additionalProperties: { $ref: "positive.definition" }, propertyNames: { enum: ["timeoutMs", "idleOutputMs", "cpuMs", "memoryMb", "pids", "openFiles", "fileMb", "workspaceMb", "workspaceFiles", "tmpMb", "outputBytes"] } } } };
function validate243(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate243.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), data && typeof data == "object" && !Array.isArray(data)) {
    for (let key0 in data)
      if (!(key0 === "weight" || key0 === "maxRunning" || key0 === "startsPerMinute" || key0 === "maxQueued" || key0 === "network" || key0 === "ceilings")) {
        let err0 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
      }
    if (data.weight !== void 0) {
      let data0 = data.weight;
      if (typeof data0 == "number" && isFinite(data0)) {
        if (data0 > 1e6 || isNaN(data0)) {
          let err1 = { instancePath: instancePath + "/weight", schemaPath: "#/properties/weight/maximum", keyword: "maximum", params: { comparison: "<=", limit: 1e6 } };
          vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
        }
        if (data0 < 1e-3 || isNaN(data0)) {
          let err2 = { instancePath: instancePath + "/weight", schemaPath: "#/properties/weight/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1e-3 } };
          vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
        }
      } else {
        let err3 = { instancePath: instancePath + "/weight", schemaPath: "#/properties/weight/type", keyword: "type", params: { type: "number" } };
        vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
      }
    }
    if (data.maxRunning !== void 0) {
      let data1 = data.maxRunning;
      if (!(typeof data1 == "number" && !(data1 % 1) && !isNaN(data1) && isFinite(data1))) {
        let err4 = { instancePath: instancePath + "/maxRunning", schemaPath: "#/properties/maxRunning/type", keyword: "type", params: { type: "integer" } };
        vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
      }
      if (typeof data1 == "number" && isFinite(data1)) {
        if (data1 > 1e6 || isNaN(data1)) {
          let err5 = { instancePath: instancePath + "/maxRunning", schemaPath: "#/properties/maxRunning/maximum", keyword: "maximum", params: { comparison: "<=", limit: 1e6 } };
          vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
        }
        if (data1 < 0 || isNaN(data1)) {
          let err6 = { instancePath: instancePath + "/maxRunning", schemaPath: "#/properties/maxRunning/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 } };
          vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
        }
      }
    }
    if (data.startsPerMinute !== void 0) {
      let data2 = data.startsPerMinute;
      if (!(typeof data2 == "number" && !(data2 % 1) && !isNaN(data2) && isFinite(data2))) {
        let err7 = { instancePath: instancePath + "/startsPerMinute", schemaPath: "#/properties/startsPerMinute/type", keyword: "type", params: { type: "integer" } };
        vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
      }
      if (typeof data2 == "number" && isFinite(data2)) {
        if (data2 > 1e6 || isNaN(data2)) {
          let err8 = { instancePath: instancePath + "/startsPerMinute", schemaPath: "#/properties/startsPerMinute/maximum", keyword: "maximum", params: { comparison: "<=", limit: 1e6 } };
          vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
        }
        if (data2 < 0 || isNaN(data2)) {
          let err9 = { instancePath: instancePath + "/startsPerMinute", schemaPath: "#/properties/startsPerMinute/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 } };
          vErrors === null ? vErrors = [err9] : vErrors.push(err9), errors++;
        }
      }
    }
    if (data.maxQueued !== void 0) {
      let data3 = data.maxQueued;
      if (!(typeof data3 == "number" && !(data3 % 1) && !isNaN(data3) && isFinite(data3))) {
        let err10 = { instancePath: instancePath + "/maxQueued", schemaPath: "#/properties/maxQueued/type", keyword: "type", params: { type: "integer" } };
        vErrors === null ? vErrors = [err10] : vErrors.push(err10), errors++;
      }
      if (typeof data3 == "number" && isFinite(data3)) {
        if (data3 > 1e6 || isNaN(data3)) {
          let err11 = { instancePath: instancePath + "/maxQueued", schemaPath: "#/properties/maxQueued/maximum", keyword: "maximum", params: { comparison: "<=", limit: 1e6 } };
          vErrors === null ? vErrors = [err11] : vErrors.push(err11), errors++;
        }
        if (data3 < 0 || isNaN(data3)) {
          let err12 = { instancePath: instancePath + "/maxQueued", schemaPath: "#/properties/maxQueued/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 } };
          vErrors === null ? vErrors = [err12] : vErrors.push(err12), errors++;
        }
      }
    }
    if (data.ceilings !== void 0) {
      let data4 = data.ceilings;
      if (data4 && typeof data4 == "object" && !Array.isArray(data4)) {
        for (let key1 in data4) {
          let _errs12 = errors;
          if (!(key1 === "timeoutMs" || key1 === "idleOutputMs" || key1 === "cpuMs" || key1 === "memoryMb" || key1 === "pids" || key1 === "openFiles" || key1 === "fileMb" || key1 === "workspaceMb" || key1 === "workspaceFiles" || key1 === "tmpMb" || key1 === "outputBytes")) {
            let err13 = { instancePath: instancePath + "/ceilings", schemaPath: "#/properties/ceilings/propertyNames/enum", keyword: "enum", params: { allowedValues: schema65.properties.ceilings.propertyNames.enum }, propertyName: key1 };
            vErrors === null ? vErrors = [err13] : vErrors.push(err13), errors++;
          }
          var valid1 = _errs12 === errors;
          if (!valid1) {
            let err14 = { instancePath: instancePath + "/ceilings", schemaPath: "#/properties/ceilings/propertyNames", keyword: "propertyNames", params: { propertyName: key1 } };
            vErrors === null ? vErrors = [err14] : vErrors.push(err14), errors++;
          }
        }
        for (let key2 in data4)
          validate67(data4[key2], { instancePath: instancePath + "/ceilings/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"), parentData: data4, parentDataProperty: key2, rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate67.errors : vErrors.concat(validate67.errors), errors = vErrors.length);
      } else {
        let err15 = { instancePath: instancePath + "/ceilings", schemaPath: "#/properties/ceilings/type", keyword: "type", params: { type: "object" } };
        vErrors === null ? vErrors = [err15] : vErrors.push(err15), errors++;
      }
    }
  } else {
    let err16 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err16] : vErrors.push(err16), errors++;
  }
  return validate243.errors = vErrors, errors === 0;
}
validate243.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
var isWakeUp = validate245, schema66 = { $id: "wake-up.v1.schema.json", type: "object", additionalProperties: !1, required: ["sessionId", "executionId", "reason"], properties: { version: { $ref: "version.definition" }, sessionId: { $ref: "sessionId.definition" }, executionId: { $ref: "executionId.definition" }, reason: { enum: ["next-in-session", "claim-never-came", "executor-lost", "gap-over", "turn", "capacity"] }, evidence: { $ref: "remark.definition" } } };
function validate245(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate245.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), data && typeof data == "object" && !Array.isArray(data)) {
    if (data.sessionId === void 0) {
      let err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "sessionId" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    if (data.executionId === void 0) {
      let err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "executionId" } };
      vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
    }
    if (data.reason === void 0) {
      let err2 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "reason" } };
      vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
    }
    for (let key0 in data)
      if (!(key0 === "version" || key0 === "sessionId" || key0 === "executionId" || key0 === "reason" || key0 === "evidence")) {
        let err3 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
      }
    if (data.version !== void 0 && (validate53(data.version, { instancePath: instancePath + "/version", parentData: data, parentDataProperty: "version", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate53.errors : vErrors.concat(validate53.errors), errors = vErrors.length)), data.sessionId !== void 0 && (validate57(data.sessionId, { instancePath: instancePath + "/sessionId", parentData: data, parentDataProperty: "sessionId", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate57.errors : vErrors.concat(validate57.errors), errors = vErrors.length)), data.executionId !== void 0 && (validate55(data.executionId, { instancePath: instancePath + "/executionId", parentData: data, parentDataProperty: "executionId", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate55.errors : vErrors.concat(validate55.errors), errors = vErrors.length)), data.reason !== void 0) {
      let data3 = data.reason;
      if (!(data3 === "next-in-session" || data3 === "claim-never-came" || data3 === "executor-lost" || data3 === "gap-over" || data3 === "turn" || data3 === "capacity")) {
        let err4 = { instancePath: instancePath + "/reason", schemaPath: "#/properties/reason/enum", keyword: "enum", params: { allowedValues: schema66.properties.reason.enum } };
        vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
      }
    }
    data.evidence !== void 0 && (validate69(data.evidence, { instancePath: instancePath + "/evidence", parentData: data, parentDataProperty: "evidence", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate69.errors : vErrors.concat(validate69.errors), errors = vErrors.length));
  } else {
    let err5 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
  }
  return validate245.errors = vErrors, errors === 0;
}
validate245.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
var isWebhookDelivery = validate250;
function validate250(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate250.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), data && typeof data == "object" && !Array.isArray(data)) {
    if (data.deliveryId === void 0) {
      let err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "deliveryId" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    if (data.webhookId === void 0) {
      let err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "webhookId" } };
      vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
    }
    if (data.executionId === void 0) {
      let err2 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "executionId" } };
      vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
    }
    if (data.sessionId === void 0) {
      let err3 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "sessionId" } };
      vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
    }
    if (data.tenantId === void 0) {
      let err4 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "tenantId" } };
      vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
    }
    if (data.body === void 0) {
      let err5 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "body" } };
      vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
    }
    for (let key0 in data)
      if (!(key0 === "version" || key0 === "deliveryId" || key0 === "webhookId" || key0 === "executionId" || key0 === "sessionId" || key0 === "tenantId" || key0 === "body")) {
        let err6 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
      }
    if (data.version !== void 0 && (validate53(data.version, { instancePath: instancePath + "/version", parentData: data, parentDataProperty: "version", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate53.errors : vErrors.concat(validate53.errors), errors = vErrors.length)), data.deliveryId !== void 0) {
      let data1 = data.deliveryId;
      if (typeof data1 == "string") {
        if (!pattern15.test(data1)) {
          let err7 = { instancePath: instancePath + "/deliveryId", schemaPath: "#/properties/deliveryId/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,255}$" } };
          vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
        }
      } else {
        let err8 = { instancePath: instancePath + "/deliveryId", schemaPath: "#/properties/deliveryId/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
      }
    }
    if (data.webhookId !== void 0) {
      let data2 = data.webhookId;
      if (typeof data2 == "string") {
        if (!pattern14.test(data2)) {
          let err9 = { instancePath: instancePath + "/webhookId", schemaPath: "#/properties/webhookId/pattern", keyword: "pattern", params: { pattern: "^[a-z][a-z0-9_-]{0,62}$" } };
          vErrors === null ? vErrors = [err9] : vErrors.push(err9), errors++;
        }
      } else {
        let err10 = { instancePath: instancePath + "/webhookId", schemaPath: "#/properties/webhookId/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err10] : vErrors.push(err10), errors++;
      }
    }
    if (data.executionId !== void 0 && (validate55(data.executionId, { instancePath: instancePath + "/executionId", parentData: data, parentDataProperty: "executionId", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate55.errors : vErrors.concat(validate55.errors), errors = vErrors.length)), data.sessionId !== void 0 && (validate57(data.sessionId, { instancePath: instancePath + "/sessionId", parentData: data, parentDataProperty: "sessionId", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate57.errors : vErrors.concat(validate57.errors), errors = vErrors.length)), data.tenantId !== void 0 && (validate59(data.tenantId, { instancePath: instancePath + "/tenantId", parentData: data, parentDataProperty: "tenantId", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate59.errors : vErrors.concat(validate59.errors), errors = vErrors.length)), data.body !== void 0) {
      let data6 = data.body;
      if (typeof data6 == "string") {
        if (func2(data6) > 1e6) {
          let err11 = { instancePath: instancePath + "/body", schemaPath: "#/properties/body/maxLength", keyword: "maxLength", params: { limit: 1e6 } };
          vErrors === null ? vErrors = [err11] : vErrors.push(err11), errors++;
        }
        if (func2(data6) < 2) {
          let err12 = { instancePath: instancePath + "/body", schemaPath: "#/properties/body/minLength", keyword: "minLength", params: { limit: 2 } };
          vErrors === null ? vErrors = [err12] : vErrors.push(err12), errors++;
        }
      } else {
        let err13 = { instancePath: instancePath + "/body", schemaPath: "#/properties/body/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err13] : vErrors.push(err13), errors++;
      }
    }
  } else {
    let err14 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err14] : vErrors.push(err14), errors++;
  }
  return validate250.errors = vErrors, errors === 0;
}
validate250.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
var isWebhookRequest = validate255, schema68 = { $id: "webhook-request.v1.schema.json", type: "object", additionalProperties: !1, required: ["requestId", "webhookId", "action"], properties: { version: { $ref: "version.definition" }, requestId: { type: "string", pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$" }, webhookId: { type: "string", pattern: "^[a-z][a-z0-9_-]{0,62}$" }, action: { oneOf: [{ type: "object", additionalProperties: !1, required: ["url"], properties: { kind: { const: "put" }, url: { type: "string", minLength: 1, maxLength: 2048 }, tenantId: { $ref: "tenantId.definition" }, statuses: { type: "array", minItems: 1, maxItems: 32, items: { $ref: "status.definition" } }, secretVersion: { type: "integer", minimum: 1, maximum: 1e6 } } }, { type: "object", additionalProperties: !1, required: [], properties: { kind: { const: "remove" } } }, { type: "object", additionalProperties: !1, required: [], properties: { kind: { const: "enable" } } }], type: "object", discriminator: { propertyName: "kind" }, required: ["kind"], properties: { kind: { enum: ["put", "remove", "enable"] } } } } };
function validate255(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0, evaluated0 = validate255.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), data && typeof data == "object" && !Array.isArray(data)) {
    if (data.requestId === void 0) {
      let err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "requestId" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    if (data.webhookId === void 0) {
      let err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "webhookId" } };
      vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
    }
    if (data.action === void 0) {
      let err2 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "action" } };
      vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
    }
    for (let key0 in data)
      if (!(key0 === "version" || key0 === "requestId" || key0 === "webhookId" || key0 === "action")) {
        let err3 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
      }
    if (data.version !== void 0 && (validate53(data.version, { instancePath: instancePath + "/version", parentData: data, parentDataProperty: "version", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate53.errors : vErrors.concat(validate53.errors), errors = vErrors.length)), data.requestId !== void 0) {
      let data1 = data.requestId;
      if (typeof data1 == "string") {
        if (!pattern3.test(data1)) {
          let err4 = { instancePath: instancePath + "/requestId", schemaPath: "#/properties/requestId/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$" } };
          vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
        }
      } else {
        let err5 = { instancePath: instancePath + "/requestId", schemaPath: "#/properties/requestId/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
      }
    }
    if (data.webhookId !== void 0) {
      let data2 = data.webhookId;
      if (typeof data2 == "string") {
        if (!pattern14.test(data2)) {
          let err6 = { instancePath: instancePath + "/webhookId", schemaPath: "#/properties/webhookId/pattern", keyword: "pattern", params: { pattern: "^[a-z][a-z0-9_-]{0,62}$" } };
          vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
        }
      } else {
        let err7 = { instancePath: instancePath + "/webhookId", schemaPath: "#/properties/webhookId/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
      }
    }
    if (data.action !== void 0) {
      let data3 = data.action;
      if (data3 && typeof data3 == "object" && !Array.isArray(data3)) {
        if (data3.kind === void 0) {
          let err8 = { instancePath: instancePath + "/action", schemaPath: "#/properties/action/required", keyword: "required", params: { missingProperty: "kind" } };
          vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
        }
        if (data3.kind !== void 0) {
          let data4 = data3.kind;
          if (!(data4 === "put" || data4 === "remove" || data4 === "enable")) {
            let err9 = { instancePath: instancePath + "/action/kind", schemaPath: "#/properties/action/properties/kind/enum", keyword: "enum", params: { allowedValues: schema68.properties.action.properties.kind.enum } };
            vErrors === null ? vErrors = [err9] : vErrors.push(err9), errors++;
          }
        }
        let tag0 = data3.kind;
        if (typeof tag0 == "string")
          if (tag0 === "put") {
            if (data3 && typeof data3 == "object" && !Array.isArray(data3)) {
              if (data3.url === void 0) {
                let err10 = { instancePath: instancePath + "/action", schemaPath: "#/properties/action/oneOf/0/required", keyword: "required", params: { missingProperty: "url" } };
                vErrors === null ? vErrors = [err10] : vErrors.push(err10), errors++;
              }
              for (let key1 in data3)
                if (!(key1 === "kind" || key1 === "url" || key1 === "tenantId" || key1 === "statuses" || key1 === "secretVersion")) {
                  let err11 = { instancePath: instancePath + "/action", schemaPath: "#/properties/action/oneOf/0/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key1 } };
                  vErrors === null ? vErrors = [err11] : vErrors.push(err11), errors++;
                }
              if (data3.kind !== void 0 && data3.kind !== "put") {
                let err12 = { instancePath: instancePath + "/action/kind", schemaPath: "#/properties/action/oneOf/0/properties/kind/const", keyword: "const", params: { allowedValue: "put" } };
                vErrors === null ? vErrors = [err12] : vErrors.push(err12), errors++;
              }
              if (data3.url !== void 0) {
                let data6 = data3.url;
                if (typeof data6 == "string") {
                  if (func2(data6) > 2048) {
                    let err13 = { instancePath: instancePath + "/action/url", schemaPath: "#/properties/action/oneOf/0/properties/url/maxLength", keyword: "maxLength", params: { limit: 2048 } };
                    vErrors === null ? vErrors = [err13] : vErrors.push(err13), errors++;
                  }
                  if (func2(data6) < 1) {
                    let err14 = { instancePath: instancePath + "/action/url", schemaPath: "#/properties/action/oneOf/0/properties/url/minLength", keyword: "minLength", params: { limit: 1 } };
                    vErrors === null ? vErrors = [err14] : vErrors.push(err14), errors++;
                  }
                } else {
                  let err15 = { instancePath: instancePath + "/action/url", schemaPath: "#/properties/action/oneOf/0/properties/url/type", keyword: "type", params: { type: "string" } };
                  vErrors === null ? vErrors = [err15] : vErrors.push(err15), errors++;
                }
              }
              if (data3.tenantId !== void 0 && (validate59(data3.tenantId, { instancePath: instancePath + "/action/tenantId", parentData: data3, parentDataProperty: "tenantId", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate59.errors : vErrors.concat(validate59.errors), errors = vErrors.length)), data3.statuses !== void 0) {
                let data8 = data3.statuses;
                if (Array.isArray(data8)) {
                  if (data8.length > 32) {
                    let err16 = { instancePath: instancePath + "/action/statuses", schemaPath: "#/properties/action/oneOf/0/properties/statuses/maxItems", keyword: "maxItems", params: { limit: 32 } };
                    vErrors === null ? vErrors = [err16] : vErrors.push(err16), errors++;
                  }
                  if (data8.length < 1) {
                    let err17 = { instancePath: instancePath + "/action/statuses", schemaPath: "#/properties/action/oneOf/0/properties/statuses/minItems", keyword: "minItems", params: { limit: 1 } };
                    vErrors === null ? vErrors = [err17] : vErrors.push(err17), errors++;
                  }
                  let len0 = data8.length;
                  for (let i0 = 0; i0 < len0; i0++)
                    validate75(data8[i0], { instancePath: instancePath + "/action/statuses/" + i0, parentData: data8, parentDataProperty: i0, rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate75.errors : vErrors.concat(validate75.errors), errors = vErrors.length);
                } else {
                  let err18 = { instancePath: instancePath + "/action/statuses", schemaPath: "#/properties/action/oneOf/0/properties/statuses/type", keyword: "type", params: { type: "array" } };
                  vErrors === null ? vErrors = [err18] : vErrors.push(err18), errors++;
                }
              }
              if (data3.secretVersion !== void 0) {
                let data10 = data3.secretVersion;
                if (!(typeof data10 == "number" && !(data10 % 1) && !isNaN(data10) && isFinite(data10))) {
                  let err19 = { instancePath: instancePath + "/action/secretVersion", schemaPath: "#/properties/action/oneOf/0/properties/secretVersion/type", keyword: "type", params: { type: "integer" } };
                  vErrors === null ? vErrors = [err19] : vErrors.push(err19), errors++;
                }
                if (typeof data10 == "number" && isFinite(data10)) {
                  if (data10 > 1e6 || isNaN(data10)) {
                    let err20 = { instancePath: instancePath + "/action/secretVersion", schemaPath: "#/properties/action/oneOf/0/properties/secretVersion/maximum", keyword: "maximum", params: { comparison: "<=", limit: 1e6 } };
                    vErrors === null ? vErrors = [err20] : vErrors.push(err20), errors++;
                  }
                  if (data10 < 1 || isNaN(data10)) {
                    let err21 = { instancePath: instancePath + "/action/secretVersion", schemaPath: "#/properties/action/oneOf/0/properties/secretVersion/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 } };
                    vErrors === null ? vErrors = [err21] : vErrors.push(err21), errors++;
                  }
                }
              }
            } else {
              let err22 = { instancePath: instancePath + "/action", schemaPath: "#/properties/action/oneOf/0/type", keyword: "type", params: { type: "object" } };
              vErrors === null ? vErrors = [err22] : vErrors.push(err22), errors++;
            }
            var props0 = !0;
          } else if (tag0 === "remove") {
            if (data3 && typeof data3 == "object" && !Array.isArray(data3)) {
              for (let key2 in data3)
                if (key2 !== "kind") {
                  let err23 = { instancePath: instancePath + "/action", schemaPath: "#/properties/action/oneOf/1/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key2 } };
                  vErrors === null ? vErrors = [err23] : vErrors.push(err23), errors++;
                }
              if (data3.kind !== void 0 && data3.kind !== "remove") {
                let err24 = { instancePath: instancePath + "/action/kind", schemaPath: "#/properties/action/oneOf/1/properties/kind/const", keyword: "const", params: { allowedValue: "remove" } };
                vErrors === null ? vErrors = [err24] : vErrors.push(err24), errors++;
              }
            } else {
              let err25 = { instancePath: instancePath + "/action", schemaPath: "#/properties/action/oneOf/1/type", keyword: "type", params: { type: "object" } };
              vErrors === null ? vErrors = [err25] : vErrors.push(err25), errors++;
            }
            props0 !== !0 && (props0 = !0);
          } else if (tag0 === "enable") {
            if (data3 && typeof data3 == "object" && !Array.isArray(data3)) {
              for (let key3 in data3)
                if (key3 !== "kind") {
                  let err26 = { instancePath: instancePath + "/action", schemaPath: "#/properties/action/oneOf/2/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key3 } };
                  vErrors === null ? vErrors = [err26] : vErrors.push(err26), errors++;
                }
              if (data3.kind !== void 0 && data3.kind !== "enable") {
                let err27 = { instancePath: instancePath + "/action/kind", schemaPath: "#/properties/action/oneOf/2/properties/kind/const", keyword: "const", params: { allowedValue: "enable" } };
                vErrors === null ? vErrors = [err27] : vErrors.push(err27), errors++;
              }
            } else {
              let err28 = { instancePath: instancePath + "/action", schemaPath: "#/properties/action/oneOf/2/type", keyword: "type", params: { type: "object" } };
              vErrors === null ? vErrors = [err28] : vErrors.push(err28), errors++;
            }
            props0 !== !0 && (props0 = !0);
          } else {
            let err29 = { instancePath: instancePath + "/action", schemaPath: "#/properties/action/discriminator", keyword: "discriminator", params: { error: "mapping", tag: "kind", tagValue: tag0 } };
            vErrors === null ? vErrors = [err29] : vErrors.push(err29), errors++;
          }
        else {
          let err30 = { instancePath: instancePath + "/action", schemaPath: "#/properties/action/discriminator", keyword: "discriminator", params: { error: "tag", tag: "kind", tagValue: tag0 } };
          vErrors === null ? vErrors = [err30] : vErrors.push(err30), errors++;
        }
      } else {
        let err31 = { instancePath: instancePath + "/action", schemaPath: "#/properties/action/type", keyword: "type", params: { type: "object" } };
        vErrors === null ? vErrors = [err31] : vErrors.push(err31), errors++;
      }
    }
  } else {
    let err32 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err32] : vErrors.push(err32), errors++;
  }
  return validate255.errors = vErrors, errors === 0;
}
validate255.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
export {
  isCompletionEvent,
  isDeadLetter,
  isExecControl,
  isExecRequest,
  isFileRequest,
  isNotification,
  isOutputChunk,
  isReplayRequest,
  isSweep,
  isTenantDocument,
  isWakeUp,
  isWebhookDelivery,
  isWebhookRequest
};
