#include "runner/os/worker_message.hpp"

#include <fmt/format.h>

#include "common/bytes.hpp"
#include "common/result_codec.hpp"

namespace joust::os {
namespace {

// What results and failures begin with; negative when it is more than a Duration holds.
Duration read_played(ByteReader& in) {
  return Duration(static_cast<Duration::rep>(in.number<std::uint64_t>()));
}

WorkerMessage read_result(const core::WorkerId& worker, const RecordHeader& header,
                          std::string_view payload, std::uint32_t seats) {
  ByteReader in(payload);
  const Duration played = read_played(in);
  const std::string_view encoded = in.rest();
  std::optional<ResultForm> form = check_result(encoded);
  if (!in.ok() || played < Duration::zero() || !form || form->seats != seats) {
    return core::ProtocolBroken{worker, "a result does not have the form of one"};
  }
  return ClaimedResult{
      {worker, header.ordinal, header.task, header.attempt, played, std::move(form->forfeits)},
      encoded};
}

// The causes that a world can see itself, most of them in a program that plays for it.
bool is_known_to_worlds(Cause cause) {
  switch (cause) {
    case Cause::crashed:
    case Cause::exited:
    case Cause::out_of_memory:
    case Cause::world_error:
    case Cause::result_too_large:
    case Cause::protocol_violation:
    case Cause::launch_failed:
      return true;
    default:
      return false;
  }
}

WorkerMessage read_failure(const core::WorkerId& worker, const RecordHeader& header,
                           std::string_view payload, std::uint32_t seats) {
  ByteReader in(payload);
  const Duration played = read_played(in);
  const auto cause = static_cast<Cause>(in.number<std::uint8_t>());
  const auto culprit = in.number<std::uint32_t>();
  const bool may_say_so = is_known_to_worlds(cause);
  const bool is_seat = culprit == kNoCulprit || culprit < seats;
  if (!in.ok() || played < Duration::zero() || !may_say_so || !is_seat) {
    return core::ProtocolBroken{worker, "a failure does not have the form of one"};
  }
  core::AttemptFailed failed{worker, header.ordinal,         header.task, header.attempt,
                             cause,  std::string(in.rest()), played,      std::nullopt};
  if (culprit != kNoCulprit) failed.culprit = culprit;
  return failed;
}

}  // namespace

WorkerMessage read_worker_message(const core::WorkerId& worker, const RecordHeader& header,
                                  std::string_view payload, std::uint32_t seats) {
  switch (static_cast<MessageType>(header.type)) {
    case MessageType::ready:
      return core::WorkerReady{worker};
    case MessageType::not_ready:
      return core::WorkerNotReady{worker, std::string(payload)};
    case MessageType::result:
      return read_result(worker, header, payload, seats);
    case MessageType::failure:
      return read_failure(worker, header, payload, seats);
    default:
      return core::ProtocolBroken{worker, fmt::format("unknown type of message {}", header.type)};
  }
}

}  // namespace joust::os
