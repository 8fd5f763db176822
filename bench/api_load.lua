-- SPDX-License-Identifier: Apache-2.0
-- What wrk asks, and how it tells what it measured: the paths of a file in turn, each thread from a
-- place of its own; in the end one line of figures.
local paths, position, bearer, body = {}, 0, nil, nil

function setup(thread)
    setup_count = (setup_count or 0) + 1
    thread:set("place", setup_count)
end

function init(arguments)
    for line in io.lines(arguments[1]) do
        paths[#paths + 1] = line
    end
    bearer = arguments[2] ~= "" and "Bearer " .. arguments[2] or nil
    body = arguments[3]
    position = (place * 7919) % #paths
end

function request()
    position = position % #paths + 1
    local headers = {["Authorization"] = bearer}
    if body then
        headers["Content-Type"] = "application/json"
        return wrk.format("POST", paths[position], headers, body)
    end
    return wrk.format("GET", paths[position], headers)
end

function done(summary, latency)
    local errors = summary.errors
    io.write(string.format("figures %d %d %d %d %d %d\n", summary.requests, summary.duration,
        latency:percentile(50), latency:percentile(99), summary.bytes,
        errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
