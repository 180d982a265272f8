/**
 * Every call of a stage is this one script, so that each is atomic and brings the stage as it is then. It does what
 * `floor-core.ts` says, in Lua, because only the server can; `stage-script.test.ts` compares the two on a real server.
 *
 * KEYS: floor (JSON), members (hash: id → JSON), script (list of JSON). ARGV: operation, robot, its name ("" for who is no
 * member), three arguments of the operation, the channel that wakes others.
 */
import {
  BEAT_STOPPED_MS,
  GAP_MS,
  LEASE_MS,
  RENEW_MS,
  SILENT_MS,
  TOKEN_AHEAD_MAX,
  WAITER_MS,
  WAITERS_MAX,
} from "../floor/floor-core.js";
import { MEMBER_MS } from "../director/director-core.js";

/** On a stage at once. */
export const MEMBERS_MAX = 64;
/** Items of a script that wait to be played. */
export const SCRIPT_MAX = 100;
/** Who was not heard of for so long is forgotten. */
const FORGOTTEN_MS = 3_600_000;

const NOW = "local t = redis.call('TIME'); local now = t[1] * 1000 + math.floor(t[2] / 1000)";
/** Of the process that answers: a restart or another server in its place shows. */
const RUN = "local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)') or 'none'";

/** @param clock Lua that sets `now` and `run`; a test that compares with the core says them itself. */
export function stageScript(clock = `${NOW}\n${RUN}`): string {
  return `
${clock}
local op, robot, name, a, b, c, channel = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7]
local raw = redis.call('GET', KEYS[1])
local f, damaged = nil, false
if raw then
  local ok, doc = pcall(cjson.decode, raw)
  if ok and type(doc) == 'table' and type(doc.token) == 'number' then f = doc else damaged = true end
end
if f and f.v ~= 1 then return redis.error_reply('FLEETVERSION of the stage is ' .. tostring(f.v) .. ', 1 was expected') end
f = f or { v = 1, token = 0, free = 0, unsure = 0, seq = 0, last = 0, run = '', mode = 'running', spoke = 0 }
local waiters = f.waiters or {}
local before = f.holder and f.holder.token or 0
local answer = { kind = 'none' }
local changed = false

local function revoke(h)
  f.holder = nil
  f.token = math.max(f.token, h.token) + 1
  f.free = math.max(f.free, h.beat + ${BEAT_STOPPED_MS})
end

if run ~= f.run or now < f.last or now > f.last + ${GAP_MS} then
  f.free = now + ${BEAT_STOPPED_MS}
  f.unsure = f.free
  f.run = run
  if f.holder then
    f.holder.till = now + ${LEASE_MS}
    f.holder.beat, f.holder.spoke, f.holder.since = now, now, now
  end
  for _, w in ipairs(waiters) do w.seen = now end
else
  local left = {}
  for _, w in ipairs(waiters) do
    if now - w.seen < ${WAITER_MS} then left[#left + 1] = w end
  end
  waiters = left
  if f.holder and now >= f.holder.till then revoke(f.holder) end
end
f.last = now

-- A word may be shorter than the time between two beats: who is given the floor counts as having spoken.
local function hold(token, urgency)
  f.token, f.spoke = token, now
  f.holder = { robot = robot, token = token, urgency = urgency, since = now, till = now + ${LEASE_MS}, beat = now, spoke = now }
  answer = { kind = 'held', token = token }
end

local function alive()
  if now >= f.holder.till - ${LEASE_MS} + ${RENEW_MS} then f.holder.till = now + ${LEASE_MS} end
  f.holder.beat = now
end

local function without()
  local known, others = nil, {}
  for _, w in ipairs(waiters) do
    if w.robot == robot then known = w else others[#others + 1] = w end
  end
  return known, others
end

local function ahead_of(token) return token > math.max(f.token, now) + ${TOKEN_AHEAD_MAX} end

if op == 'take' then
  local urgency, seen = tonumber(a), tonumber(b)
  if f.holder and f.holder.robot == robot and (f.holder.token <= seen or now < f.unsure) then revoke(f.holder) end
  if f.holder and f.holder.robot == robot then
    f.holder.urgency = urgency
    alive()
    answer = { kind = 'held', token = f.holder.token }
  else
    local known, others = without()
    if not known and #waiters >= ${WAITERS_MAX} then
      answer = { kind = 'full' }
    else
      local seq = known and known.seq or f.seq + 1
      f.seq = math.max(seq, f.seq)
      local ahead = 0
      for _, w in ipairs(others) do
        if w.urgency > urgency or (w.urgency == urgency and w.seq < seq) then ahead = ahead + 1 end
      end
      if f.holder or now < f.free or ahead > 0 then
        others[#others + 1] = { robot = robot, urgency = urgency, seq = seq, seen = now }
        table.sort(others, function(x, y) return x.seq < y.seq end)
        answer = { kind = 'waiting', ahead = ahead + (f.holder and 1 or 0) }
      else
        if ahead_of(seen) then seen = 0 end
        hold(math.max(f.token, now, seen) + 1, urgency)
      end
      waiters = others
    end
  end
elseif op == 'beat' then
  local token = tonumber(b)
  if f.holder and f.holder.robot == robot and f.holder.token == token then
    alive()
    if a == '1' then f.holder.spoke, f.spoke = now, now end
    answer = { kind = 'held', token = token }
  elseif now >= f.unsure or ahead_of(token) or not (token > f.token or (token == f.token and not f.holder)) then
    answer = { kind = 'lost' }
  else
    hold(token, 1)
  end
elseif op == 'leave' or op == 'quit' then
  local _, others = without()
  waiters = others
  if f.holder and f.holder.robot == robot and f.holder.token == tonumber(b) then
    revoke(f.holder)
    f.free = math.max(now, f.unsure)
  end
  if op == 'quit' then redis.call('HDEL', KEYS[2], robot) end
  answer = { kind = 'left' }
elseif op == 'reset' then
  local h = f.holder
  local isTrue = h and h.token == tonumber(b) and (c == 'end'
    or (c == 'beats' and now - h.beat >= ${BEAT_STOPPED_MS})
    or (c == 'silence' and now - math.max(h.spoke, h.since) >= ${SILENT_MS}))
  if isTrue then revoke(h) end
  answer = { kind = isTrue and 'reset' or 'notReset' }
elseif op == 'mode' then
  f.mode, changed = c, true
  if c == 'ended' then redis.call('DEL', KEYS[3]) end
elseif op == 'lead' then
  f.lead, changed = (c ~= '' and c or nil), true
elseif op == 'append' then
  local isFull = redis.call('LLEN', KEYS[3]) >= ${SCRIPT_MAX}
  if not isFull then redis.call('RPUSH', KEYS[3], c) end
  answer, changed = { kind = isFull and 'full' or 'appended' }, true
elseif op == 'cue' then
  local isNext = redis.call('LINDEX', KEYS[3], 0) == c
  if isNext then
    redis.call('LPOP', KEYS[3])
    f.spoke = now
  end
  answer = { kind = isNext and 'cued' or 'notCued' }
end

local members = {}
local entries = redis.call('HGETALL', KEYS[2])
local count, spoke = 0, 0
for i = 1, #entries, 2 do
  local ok, m = pcall(cjson.decode, entries[i + 1])
  if not ok or type(m) ~= 'table' or type(m.seen) ~= 'number' or now - m.seen > ${FORGOTTEN_MS} or m.seen > now + ${FORGOTTEN_MS} then
    redis.call('HDEL', KEYS[2], entries[i])
  else
    count = count + 1
    if entries[i] == robot then spoke = m.spoke or 0
    elseif now - m.seen < ${MEMBER_MS} and type(m.name) == 'string' then
      members[#members + 1] = { id = entries[i], name = m.name, seen = m.seen, spoke = m.spoke or 0 }
    end
  end
end
if name ~= '' and op ~= 'quit' and (count < ${MEMBERS_MAX} or redis.call('HEXISTS', KEYS[2], robot) == 1) then
  if answer.kind == 'held' and (op == 'take' or a == '1') then spoke = now end
  redis.call('HSET', KEYS[2], robot, cjson.encode({ name = name, seen = now, spoke = spoke }))
  members[#members + 1] = { id = robot, name = name, seen = now, spoke = spoke }
end

f.waiters = #waiters > 0 and waiters or nil
redis.call('SET', KEYS[1], cjson.encode(f))
local after = f.holder and f.holder.token or 0
if before ~= after or changed then redis.call('PUBLISH', channel, changed and 'stage' or 'floor') end
return cjson.encode({ answer = answer, now = now, floor = f, members = #members > 0 and members or nil,
  script = redis.call('LINDEX', KEYS[3], 0) or nil, left = redis.call('LLEN', KEYS[3]), damaged = damaged })
`;
}

/**
 * Publishes events of one robot in their order, each once: what the server has already is left out, so a call whose answer
 * was lost may be made again. KEYS: events (stream), senders (hash: robot → its last number). ARGV: robot, channel, entries
 * kept, then number and body of each. @returns the last number of that robot.
 */
export const PUBLISH_SCRIPT = `
local last = tonumber(redis.call('HGET', KEYS[2], ARGV[1]) or '0') or 0
local begun = last
for i = 4, #ARGV, 2 do
  local seq = tonumber(ARGV[i])
  if seq > last then
    redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[3], '*', 'from', ARGV[1], 'seq', ARGV[i], 'body', ARGV[i + 1])
    last = seq
  end
end
if last > begun then
  redis.call('HSET', KEYS[2], ARGV[1], last)
  redis.call('PUBLISH', ARGV[2], 'event')
end
return last
`;
