#include "runner/os/inbox.hpp"

#include <fmt/format.h>

#include "common/bytes.hpp"
#include "common/result_codec.hpp"

namespace joust::os {
namespace {

constexpr int kRecordsPerTurn = 512;

}  // namespace

void Inbox::take_some(LiveWorker& worker) {
  for (int i = 0; i < kRecordsPerTurn && take_record(worker); ++i) {
  }
}

void Inbox::take_everything(LiveWorker& worker) {
  while (take_record(worker)) {
  }
}

// Takes one record. False: there is none, or no more should be taken from this worker now.
bool Inbox::take_record(LiveWorker& worker) {
  if (worker.broken) return false;
  RecordHeader header;
  switch (worker.channel.receive(header)) {
    case MessageReceiver::Outcome::empty:
      return false;
    case MessageReceiver::Outcome::corrupt:
      state_.report_broken(worker, worker.channel.what_is_wrong());
      return false;
    case MessageReceiver::Outcome::fragment:
      state_.busy = true;
      return worker.gone;  // one piece per turn while it lives, all of them in the last drain
    case MessageReceiver::Outcome::message:
      break;
  }
  state_.busy = true;
  take_message(worker, header, worker.channel.payload());
  return !worker.broken;
}

void Inbox::take_message(LiveWorker& worker, const RecordHeader& header, std::string_view payload) {
  switch (static_cast<MessageType>(header.type)) {
    case MessageType::ready:
      state_.observer.worker_ready(worker.id);
      state_.pool.handle(core::WorkerReady{worker.id}, state_.now, state_.actions);
      return;
    case MessageType::not_ready:
      state_.pool.handle(core::WorkerNotReady{worker.id, std::string(payload)}, state_.now,
                         state_.actions);
      return;
    case MessageType::result:
      take_result(worker, header, payload);
      return;
    case MessageType::failure:
      take_failure(worker, header, payload);
      return;
    default:
      state_.report_broken(worker, fmt::format("unknown type of message {}", header.type));
  }
}

void Inbox::take_result(LiveWorker& worker, const RecordHeader& header, std::string_view payload) {
  ByteReader in(payload);
  const Duration played(static_cast<std::int64_t>(in.number<std::uint64_t>()));
  const std::string_view encoded = payload.substr(std::min(payload.size(), sizeof(std::uint64_t)));
  if (!in.ok() || check_result(encoded) != state_.seats) {
    state_.report_broken(worker, "a result does not have the form of one");
    return;
  }
  const core::ResultClaim claim{worker.id, header.ordinal, header.task, header.attempt, played};
  if (!state_.pool.accept(claim, state_.now, state_.actions)) return;
  worker.in_hand -= worker.in_hand > 0 ? 1 : 0;
  state_.batch.add(journal::ResultRow{header.task, header.attempt, played, encoded});
}

void Inbox::take_failure(LiveWorker& worker, const RecordHeader& header, std::string_view payload) {
  ByteReader in(payload);
  const Duration played(static_cast<std::int64_t>(in.number<std::uint64_t>()));
  const auto cause = static_cast<Cause>(in.number<std::uint8_t>());
  if (!in.ok() || (cause != Cause::world_error && cause != Cause::result_too_large)) {
    state_.report_broken(worker, "a failure does not have the form of one");
    return;
  }
  worker.in_hand -= worker.in_hand > 0 ? 1 : 0;
  state_.crew.read_output(worker);
  state_.pool.handle(
      core::AttemptFailed{worker.id, header.ordinal, header.task, header.attempt, cause,
                          std::string(payload.substr(sizeof(std::uint64_t) + 1)), played},
      state_.now, state_.actions);
  performer_.act();  // its output is written down before the next world's is mixed in
}

}  // namespace joust::os
