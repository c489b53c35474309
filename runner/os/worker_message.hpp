#pragma once
// What a message of a worker says, in the core's words. The bytes are the worker's, and are trusted
// in nothing: whatever has not the form that common/messages.hpp tells is a broken protocol.

#include <string_view>
#include <variant>

#include "common/messages.hpp"
#include "runner/core/events.hpp"

namespace joust::os {

struct ClaimedResult {
  core::ResultClaim claim;
  std::string_view encoded;  // the result's bytes, checked; they lie in the payload
};

using WorkerMessage = std::variant<core::WorkerReady, core::WorkerNotReady, ClaimedResult,
                                   core::AttemptFailed, core::ProtocolBroken>;

// Whether the worker held the lease that it speaks of is for the core to tell. `seats` is the
// number of seats of each world. Pure.
WorkerMessage read_worker_message(const core::WorkerId& worker, const RecordHeader& header,
                                  std::string_view payload, std::uint32_t seats);

}  // namespace joust::os
