import { createCipheriv, createDecipheriv, createHmac, randomBytes } from "node:crypto";
import { CloudSmithError } from "@cloudsmith/contracts";

const magic = Buffer.from("CSS1");
const keyIdBytes = 16;
const nonceBytes = 12;
const tagBytes = 16;
const headerBytes = magic.length + keyIdBytes + nonceBytes;

/** A key with the public name that tells it from other keys. */
export interface MasterKey {
  readonly id: string;
  readonly bytes: Uint8Array;
}

/** Names a key without giving it away: the first 128 bits of an HMAC-SHA256 under it, as hexadecimal. */
export function masterKey(bytes: Uint8Array): MasterKey {
  if (bytes.byteLength !== 32) {
    throw new CloudSmithError("locked", "The key of the secret store is not 32 bytes long", {
      fix: "Put the original key back from a backup",
    });
  }
  const id = createHmac("sha256", bytes).update("cloudsmith secrets key id").digest("hex");
  return { id: id.slice(0, keyIdBytes * 2), bytes };
}

/**
 * Encrypts by AES-256-GCM (NIST SP 800-38D) under a fresh 96-bit nonce. Layout: `CSS1`, key id (16), nonce (12),
 * ciphertext, tag (16). The name and the header are authenticated too, so a file moved to another name does not open.
 */
export function seal(key: MasterKey, name: string, value: Uint8Array): Buffer {
  const nonce = randomBytes(nonceBytes);
  const header = Buffer.concat([magic, Buffer.from(key.id, "hex"), nonce]);
  const cipher = createCipheriv("aes-256-gcm", key.bytes, nonce, { authTagLength: tagBytes });
  cipher.setAAD(boundTo(name, header));
  return Buffer.concat([header, cipher.update(value), cipher.final(), cipher.getAuthTag()]);
}

/** The id of the key that sealed these bytes; undefined when they are no sealed value. */
export function keyIdOf(sealed: Buffer): string | undefined {
  if (sealed.length < headerBytes + tagBytes || !sealed.subarray(0, magic.length).equals(magic)) return undefined;
  return sealed.toString("hex", magic.length, magic.length + keyIdBytes);
}

/** Decrypts what `seal` made. Errors: `locked` with another key, `data-damaged` when bytes or name were changed. */
export function unseal(key: MasterKey, name: string, sealed: Buffer): Buffer {
  const keyId = keyIdOf(sealed);
  if (keyId === undefined) throw damagedSecret(name);
  if (keyId !== key.id) throw otherKey(keyId);
  const header = sealed.subarray(0, headerBytes);
  const nonce = header.subarray(magic.length + keyIdBytes);
  const decipher = createDecipheriv("aes-256-gcm", key.bytes, nonce, { authTagLength: tagBytes });
  decipher.setAAD(boundTo(name, header));
  decipher.setAuthTag(sealed.subarray(-tagBytes));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(headerBytes, -tagBytes)), decipher.final()]);
  } catch {
    // OpenSSL's own error says nothing more than that authentication failed.
    throw damagedSecret(name);
  }
}

/** The error of secrets that were written with another key than the one at hand. */
export function otherKey(keyId: string): CloudSmithError {
  return new CloudSmithError("locked", "The secrets were written with another key", {
    why: `They need the key with the id ${keyId}`,
    fix: "Put that key back from a backup, or delete the secrets and set them again",
  });
}

function boundTo(name: string, header: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`cloudsmith-secret\0${name}\0`), header]);
}

function damagedSecret(name: string): CloudSmithError {
  return new CloudSmithError("data-damaged", `The stored secret ${name} does not open`, {
    why: "Its file was changed, cut or belongs to another secret",
    fix: "Set the secret again and redeploy, or put the file back from a backup",
  });
}
