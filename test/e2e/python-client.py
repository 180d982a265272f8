#!/usr/bin/env python3
"""The robot's WebSocket from Python's `websockets`, used as the old host uses its client: one receive for the
greeting, then send a line and take the next frame as its answer. Arguments: host, port. Prints "ok", exits 0."""
import asyncio
import json
import sys

import websockets

URL = f"ws://{sys.argv[1]}:{sys.argv[2]}/"


async def take(ws):
    return await asyncio.wait_for(ws.recv(), 5)


async def ask(ws, line):
    await ws.send(line)
    return json.loads(await take(ws))


async def commands():
    async with websockets.connect(URL, open_timeout=5, close_timeout=5) as ws:
        assert json.loads(await take(ws)) == {"ok": True, "msg": "bridge_ready"}
        for i in range(30):
            assert (await ask(ws, f"!P{i}"))["cmd"] == f"P{i}"
        state = await ask(ws, "!QUERY")
        assert float(state["trackingError"]) >= 0 and isinstance(state["tracking"], bool)
        assert (await ask(ws, "!ATTENTION:left\r\n"))["ok"] is True
        assert (await ask(ws, "é" * 30))["cmd"] == "é" * 20
        assert (await ask(ws, "x" * 2048))["reason"] == "unknown_command"
        # A message of several fragments, a ping, and a binary message, which is ignored.
        assert "servoBase" in await ask(ws, ["QU", "", "ERY"])
        await asyncio.wait_for(await ws.ping(b"hello"), 5)
        await ws.send(b"QUERY")
        assert (await ask(ws, "!IDLE"))["ok"] is True


async def oversize():
    async with websockets.connect(URL, open_timeout=5, close_timeout=5) as ws:
        await take(ws)
        await ws.send("y" * 2049)
        try:
            await take(ws)
        except websockets.ConnectionClosed as closed:
            assert closed.rcvd is not None and closed.rcvd.code == 1009, closed
        else:
            raise SystemExit("a message of 2,049 bytes was answered")


asyncio.run(commands())
asyncio.run(oversize())
print("ok")
