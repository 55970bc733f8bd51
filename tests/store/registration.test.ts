import { expect, test } from "bun:test";
import { createRegistration } from "../../src/store/registration.ts";
import { readSidecars } from "../../src/store/sidecars.ts";
import { now, testDatabase } from "./store-fixture.ts";
import { eventually } from "./thread-fixture.ts";

const identity = {
  instance: "one",
  hostname: "desk",
  processId: 1,
  listen: "127.0.0.1:8503",
  version: "1.2.3",
  startedAt: now,
};

test("a registration that waited in vain for a lock holds none itself when it succeeds", async () => {
  await using one = await testDatabase();
  const other = await one.another();
  await other.setBusyTimeout(20);
  await one.database.setBusyTimeout(20);
  const registration = createRegistration(one.database, identity);
  const transaction = await other.client.transaction("write");
  const hindrance = `database ${one.database.path}: another process holds it locked; wait until it has ended, then try again (nothing was changed)`;
  expect((await registration.renew({ revision: 1, rollCall: 0 }))?.message).toBe(hindrance);
  // It is not tried again at once, and what hindered it is said all the same.
  expect((await registration.renew({ revision: 1, rollCall: 0 }))?.message).toBe(hindrance);
  await transaction.rollback();
  await eventually(
    () => registration.renew({ revision: 1, rollCall: 0 }),
    (error) => error === null,
  );
  expect((await readSidecars(other.orm)).map(({ instance, revision }) => [instance, revision])).toEqual([["one", 1]]);
  const next = await other.client.transaction("write");
  await next.rollback();
  expect(await registration.renew({ revision: 2, rollCall: 0 })).toBe(null);
  expect((await readSidecars(other.orm)).map(({ revision }) => revision)).toEqual([2]);
  await registration.end();
  expect(await readSidecars(other.orm)).toEqual([]);
  await other.close();
});
