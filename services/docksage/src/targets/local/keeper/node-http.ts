/**
 * Node's HTTP module. An `import` of it would read each of its exports, the lazy `WebSocket` among them, and so load a whole HTTP
 * client that the keeper never uses: 8 MB.
 */
export const { Agent, createServer, request } = process.getBuiltinModule("node:http");
