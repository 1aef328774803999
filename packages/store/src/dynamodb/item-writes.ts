import type { AttributeValue, TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { indexKeysOf, type CommitItem } from "../commit-items.ts";
import { entities } from "../entities.ts";

/** One write of a transaction for an item of a commit. */
export function itemWrite(table: string, item: CommitItem, now: Date): TransactWriteItem {
  const target = { TableName: table, Key: { pk: { S: item.key.pk }, sk: { S: item.key.sk } } };
  const { expression, values } = conditionOf(item);
  const condition = expression !== undefined && { ConditionExpression: expression };
  const given = Object.keys(values).length > 0 && { ExpressionAttributeValues: values };
  const onName = expression?.includes("#version") === true && {
    ExpressionAttributeNames: { "#version": "version" },
  };
  if (item.kind === "delete") return { Delete: { ...target, ...condition, ...onName, ...given } };
  // A check always has a condition; DynamoDB's type asks for it.
  if (item.kind === "check")
    return { ConditionCheck: { ...target, ConditionExpression: expression ?? "", ...onName, ...given } };
  return put(target, item, condition, values, now);
}

function put(
  target: { TableName: string; Key: Record<string, AttributeValue> },
  item: CommitItem,
  condition: false | { ConditionExpression: string },
  values: Record<string, AttributeValue>,
  now: Date,
): TransactWriteItem {
  const { byParent, due } = indexKeysOf(item.entity, item.value);
  const { ttlSeconds }: { ttlSeconds?: number } = entities[item.entity];
  const expiresAt = ttlSeconds === undefined ? undefined : Math.floor(now.getTime() / 1000) + ttlSeconds;
  const attributes: [string, AttributeValue | undefined][] = [
    ["entity", { S: item.entity }],
    ["value", { S: JSON.stringify(item.value) }],
    ["parentPk", text(byParent?.pk)],
    ["parentSk", text(byParent?.sk)],
    ["duePk", text(due?.pk)],
    ["dueSk", text(due?.sk)],
    ["expiresAt", expiresAt === undefined ? undefined : { N: String(expiresAt) }],
  ];
  const set = attributes.filter((each): each is [string, AttributeValue] => each[1] !== undefined);
  const absent = attributes.filter(([, value]) => value === undefined).map(([name]) => `#${name}`);
  const sets = ["#version = if_not_exists(#version, :zero) + :one", ...set.map(([name]) => `#${name} = :${name}`)];
  return {
    Update: {
      ...target,
      UpdateExpression: `SET ${sets.join(", ")}${absent.length > 0 ? ` REMOVE ${absent.join(", ")}` : ""}`,
      ...condition,
      ExpressionAttributeNames: Object.fromEntries(
        ["version", ...attributes.map(([name]) => name)].map((name) => [`#${name}`, name]),
      ),
      ExpressionAttributeValues: {
        ...values,
        ":zero": { N: "0" },
        ":one": { N: "1" },
        ...Object.fromEntries(set.map(([name, value]) => [`:${name}`, value])),
      },
    },
  };
}

function conditionOf(item: CommitItem): { expression?: string; values: Record<string, AttributeValue> } {
  if (item.condition === "any") return { values: {} };
  if (item.condition === "absent") return { expression: "attribute_not_exists(pk)", values: {} };
  if (item.condition === "present") return { expression: "attribute_exists(pk)", values: {} };
  return { expression: "#version = :version", values: { ":version": { N: String(item.condition.version) } } };
}

function text(value: string | undefined): AttributeValue | undefined {
  return value === undefined ? undefined : { S: value };
}
