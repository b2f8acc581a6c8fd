-- What wrk asks for. BENCH names a Lua file that returns a table: the requests of one workload.
--   { headers = {...}, method = "GET", paths = {...} }                       one after the other
--   { headers = {...}, method = "POST", path = "...", body = function(n) … }  n counts up
--   { headers = {...}, moves = { 12, 13, … } }                               there, and back again
local plan = dofile(os.getenv("BENCH"))
local threads = 0
function setup(thread)
    thread:set("number", threads)
    threads = threads + 1
end
local count = 0
local start = os.time() % 100000
local function key()
    return string.format("%d-%d-%d-%d", start, number, count, math.random(1000000000))
end
function init()
    math.randomseed(start * 100 + number)
end
function request()
    count = count + 1
    if plan.moves then
        -- Each thread has jobs of its own, far more than it has requests under way.
        local share = math.floor(#plan.moves / plan.threads)
        local at = (count - 1) % share
        local job = plan.moves[number * share + at + 1]
        local back = math.floor((count - 1) / share) % 2 == 1
        local from, to = "cad", "approval"
        if back then from, to = to, from end
        plan.headers["Idempotency-Key"] = key()
        return wrk.format("POST", "/api/v1/jobs/" .. job .. "/stage", plan.headers,
            '{"from":"' .. from .. '","to":"' .. to .. '","note":"Once more."}')
    end
    if plan.body then
        plan.headers["Idempotency-Key"] = key()
        return wrk.format("POST", plan.path, plan.headers, plan.body(start, number, count))
    end
    return wrk.format("GET", plan.paths[(count - 1) % #plan.paths + 1], plan.headers)
end
local others = 0
function response(status)
    if status >= 400 then others = others + 1 end
end
function done(summary, latency, requests)
    io.write(string.format('RESULT {"requests":%d,"us":%d,"p50":%d,"p99":%d,"bytes":%d,"errors":%d}\n',
        summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), summary.bytes,
        summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write +
        summary.errors.timeout))
end
