import { describe, expect, test } from "vitest";
import { readTarget } from "./target.ts";

describe("the address of a broker", () => {
  test.each([
    [
      "mqtt://localhost",
      { kind: "mqtt", hosts: [{ host: "localhost", port: 1883 }], path: "", isTls: false },
    ],
    ["mqtts://b.example:9000/a/b", { hosts: [{ host: "b.example", port: 9000 }], path: "a/b", isTls: true }],
    ["redis://:secret@cache/3?stream=faces&maxlen=1000", { password: "secret", path: "3" }],
    [
      "redis://cache?stream=faces",
      { settings: { stream: "faces" }, name: "redis://cache:6379?stream=faces" },
    ],
    ["amqp://me:p%40ss@q/%2Fvhost?queue=faces", { username: "me", password: "p@ss", path: "/vhost" }],
    ["AMQPS://q", { kind: "amqp", isTls: true, hosts: [{ host: "q", port: 5671 }], name: "amqps://q:5671" }],
    [
      "kafka://a,b:9999/faces",
      {
        hosts: [
          { host: "a", port: 9092 },
          { host: "b", port: 9999 },
        ],
        path: "faces",
      },
    ],
    ["redis://[::1]:7000", { hosts: [{ host: "::1", port: 7000 }], name: "redis://[::1]:7000" }],
  ])("%s is read", (address, expected) => {
    expect(readTarget(address)).toMatchObject(expected);
  });

  test.each([
    ["localhost:1883", "Write the whole address"],
    ["mqt://localhost", "Did you mean mqtt://?"],
    ["http://localhost", "wanted mqtt://host/topic, redis://"],
    ["mqtt://", "wanted a host"],
    ["mqtt://host:0", "from 1 to 65535"],
    ["mqtt://host:70000", "from 1 to 65535"],
    ["mqtt://a,b", "Give --publish once for each broker"],
    ["mqtt://host/a/#", "a topic without + and #"],
    ["mqtt://host?topic=a", "nothing behind a question mark"],
    ["redis://host/faces", "Name the stream by ?stream="],
    ["redis://host?steam=faces", "Did you mean stream?"],
    ["redis://host?maxlen=many", "maxlen to be a whole number"],
    ["amqp://host?queue=a&exchange=b", "not both"],
    ["kafka://host/a/b", "a topic of letters"],
    ["kafka://host?sasl=gssapi", "sasl to be plain"],
    ["amqp://me:%zz@host", "two hexadecimal digits"],
  ])("%s is refused with a sentence", (address, sentence) => {
    expect(() => readTarget(address)).toThrow(expect.objectContaining({ code: "usage" }));
    expect(() => readTarget(address)).toThrow(sentence);
  });

  test("passwords are in no name and no message", () => {
    expect(readTarget("mqtt://me:secret@host").name).toBe("mqtt://host:1883");
    expect(() => readTarget("mqtt://me:sec/ret@host:0/#")).toThrow(/^(?!.*sec)/s);
    expect(() => readTarget("mqtt://me:secret@host:0")).toThrow(/^(?!.*secret).*…@host/s);
  });
});
