// usage: driver.mjs FILE NAME
//
// Calls the function NAME of FILE. Requests come on descriptor 4, answers go to
// descriptor 3, one JSON object a line. The code under test runs in this
// process and may do anything to it: nothing here is a defence, the harness
// compares outside.

import { createReadStream, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

class NotJson extends Error {}

function json(value) {
  switch (typeof value) {
    case 'boolean':
      return String(value);
    case 'number':
      return number(value);
    case 'string':
      return text(value);
    case 'object':
      return value === null ? 'null' : Array.isArray(value) ? list(value) : map(value);
    default:
      throw new NotJson();
  }
}

function number(value) {
  if (!Number.isFinite(value)) {
    throw new NotJson();
  }
  return Object.is(value, -0) ? '-0' : String(value);
}

function text(value) {
  // Lone surrogates are no text.
  if (/\p{Surrogate}/u.test(value)) {
    throw new NotJson();
  }
  return ascii(value);
}

function list(value) {
  return `[${Array.from(value, json).join(',')}]`;
}

function map(value) {
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new NotJson();
  }
  const fields = Reflect.ownKeys(value).map((name) => {
    if (typeof name !== 'string') {
      throw new NotJson();
    }
    return `${text(name)}:${json(value[name])}`;
  });
  return `{${fields.join(',')}}`;
}

function ascii(value) {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function typeName(error) {
  if (error === null || error === undefined) {
    return String(error);
  }
  const name = error.constructor?.name;
  return typeof name === 'string' && name !== '' ? name.slice(0, 200) : typeof error;
}

async function load(file, name) {
  try {
    const module = await import(pathToFileURL(file).href);
    // Not every name that a CommonJS module exports is seen by import.
    const found = name in module ? module[name] : module.default?.[name];
    if (typeof found !== 'function') {
      throw new TypeError(`${file} exports no function ${name}`);
    }
    return found;
  } catch (error) {
    console.error(error);
    throw error;
  }
}

let loaded;

async function answer({ arguments: values, keywords }) {
  let value;
  try {
    loaded ??= load(...target);
    const found = await loaded;
    value = await found(...values, ...(keywords === undefined ? [] : [keywords]));
  } catch (error) {
    return `"raised":${ascii(typeName(error))}`;
  }
  try {
    return `"value":${json(value)}`;
  } catch {
    return '"raised":"NotJson"';
  }
}

function write(line) {
  writeFileSync(3, `${line}\n`);
}

const target = [resolve(process.argv[2]), process.argv[3]];
write('{"ready":true}');
let rest = '';
for await (const chunk of createReadStream(null, { fd: 4, encoding: 'utf8' })) {
  rest += chunk;
  for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
    const request = JSON.parse(rest.slice(0, end));
    rest = rest.slice(end + 1);
    write(`{"case":${ascii(request.case)},${await answer(request)}}`);
  }
}
// At once: timers and handles of the code under test do not count.
process.exit(0);
