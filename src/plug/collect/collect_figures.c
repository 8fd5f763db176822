// SPDX-License-Identifier: Apache-2.0
// The figures of sources for GET /metrics. A source's name is text of its maker: only its id and
// type are labels.
#include "govern/operation/pulse.h"
#include "plug/collect/delivery.h"

#include "base/time.h"

#include <inttypes.h>

static void write_head(struct buffer *out, const char *name, const char *type, const char *help) {
    buffer_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void write_one(struct buffer *out, const char *name, const struct pulse *pulse,
                      int64_t value) {
    buffer_printf(out, "%s{source=\"%" PRId64 "\",type=\"%.*s\"} %" PRId64 "\n", name, pulse->id,
                  TEXT_ARG(pulse->type), value);
}

code collect_write_figures(void *context, struct scope *scope, struct buffer *out) {
    struct pulse *pulses;
    size_t count;

    (void)context;
    TRY(pulse_read(scope, &pulses, &count));
    TRY(pulse_count_waiting(scope, pulses, count));
    if (count == 0)
        return OK;
    write_head(out, "tessera_source_events_total", "counter",
               "Events of a source that were taken.");
    for (size_t i = 0; i < count; i++)
        write_one(out, "tessera_source_events_total", &pulses[i], pulses[i].accepted_count);
    write_head(out, "tessera_source_quarantine", "gauge",
               "Messages of a source that wait in quarantine.");
    for (size_t i = 0; i < count; i++)
        write_one(out, "tessera_source_quarantine", &pulses[i], pulses[i].waiting_count);
    write_head(out, "tessera_source_last_event_timestamp_seconds", "gauge",
               "When something of a source came last.");
    for (size_t i = 0; i < count; i++)
        write_one(out, "tessera_source_last_event_timestamp_seconds", &pulses[i],
                  pulses[i].last_at_us / US_PER_SECOND);
    write_head(out, "tessera_source_silent", "gauge", "1: silent for longer than it should be.");
    for (size_t i = 0; i < count; i++)
        write_one(out, "tessera_source_silent", &pulses[i],
                  text_is(text_of(pulses[i].state), "silent"));
    return OK;
}
