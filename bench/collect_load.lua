-- SPDX-License-Identifier: Apache-2.0
-- Events as a site's pages send them: arguments are the write key, how many messages a request has,
-- the percentage of them that say who somebody is, a word that no run before had, how many ms a
-- connection waits between two requests (0: not at all), and "random" for ids like UUIDs: without
-- it they grow with the time, as those of the usual libraries do. A message is about 300 bytes.
local key, per_request, identifies, run, number, path, pause, is_random
local headers = {["Content-Type"] = "application/json"}

function setup(thread)
    setup_count = (setup_count or 0) + 1
    thread:set("place", setup_count)
end

function init(arguments)
    key, per_request = arguments[1], tonumber(arguments[2])
    identifies, run = tonumber(arguments[3]), arguments[4] .. "-" .. place .. "-"
    pause, is_random = tonumber(arguments[5] or 0), arguments[6] == "random"
    number = 0
    if pause > 0 then
        delay = function() return math.random(2 * pause) end
    end
    path = per_request > 1 and "/v1/batch" or "/v1/track"
    math.randomseed(place)
end

local function id()
    number = number + 1
    if is_random then
        return string.format("%08x-%08x-", math.random(0, 0x7fffffff), math.random(0, 0x7fffffff))
            .. run .. number
    end
    return run .. number
end

local function message(type)
    local user = math.random(100000)
    if type and math.random(100) <= identifies then
        return '{"type":"identify","anonymousId":"visitor-' .. math.random(200000)
            .. '","userId":"user-' .. user .. '","messageId":"' .. id()
            .. '","traits":{"email":"user' .. user .. '@example.com","plan":"gold"}}'
    end
    return '{' .. (type and '"type":"track",' or '') .. '"anonymousId":"visitor-' .. user
        .. '","messageId":"' .. id()
        .. '","event":"Product Clicked","properties":{"product_id":"P' .. user
        .. '","category":"Garden","price":18.99,"position":3},"context":{"page":{"path":"/garden/"'
        .. ',"url":"https://shop.example/garden/","title":"Garden"},"locale":"de-DE"}'
end

function request()
    local body
    if per_request == 1 then
        body = message(false) .. ',"writeKey":"' .. key .. '"}'
    else
        local all = {}
        for i = 1, per_request do
            local one = message(true)
            all[i] = one:sub(-1) == "}" and one:find('"identify"', 1, true) and one or one .. "}"
        end
        body = '{"writeKey":"' .. key .. '","batch":[' .. table.concat(all, ",") .. "]}"
    end
    return wrk.format("POST", path, headers, body)
end

function done(summary, latency)
    local errors = summary.errors
    io.write(string.format("figures %d %d %d %d %d %d %d\n", summary.requests, summary.duration,
        latency:percentile(50), latency:percentile(99), latency:percentile(99.9), summary.bytes,
        errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
