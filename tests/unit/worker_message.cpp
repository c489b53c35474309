// What the supervisor makes of a worker's messages.

#include "runner/os/worker_message.hpp"

#include <doctest/doctest.h>

#include "common/bytes.hpp"
#include "common/result_codec.hpp"

namespace joust::os {
namespace {

constexpr core::WorkerId kWorker{2, 5};
constexpr std::uint32_t kSeats = 2;

RecordHeader header_of(MessageType type) {
  RecordHeader header;
  header.type = static_cast<std::uint16_t>(type);
  header.task = 77;
  header.ordinal = 3;
  header.attempt = 2;
  return header;
}

std::string result_of(std::uint64_t played, std::size_t seats) {
  std::string bytes;
  put_number(bytes, played);
  WorldResult result;
  result.seats.resize(seats);
  encode_result(result, bytes);
  return bytes;
}

std::string failure_of(std::uint64_t played, Cause cause, std::uint32_t culprit = kNoCulprit) {
  std::string bytes;
  put_number(bytes, played);
  put_number(bytes, static_cast<std::uint8_t>(cause));
  put_number(bytes, culprit);
  return bytes + "no cards left";
}

template <class Kind>
Kind read(MessageType type, std::string_view payload) {
  const WorkerMessage message = read_worker_message(kWorker, header_of(type), payload, kSeats);
  REQUIRE(std::holds_alternative<Kind>(message));
  return std::get<Kind>(message);
}

TEST_CASE("a result is claimed for the lease in its header") {
  const std::string payload = result_of(1500, kSeats);
  const auto result = read<ClaimedResult>(MessageType::result, payload);
  CHECK(result.claim.worker == kWorker);
  CHECK(result.claim.ordinal == 3);
  CHECK(result.claim.task == 77);
  CHECK(result.claim.attempt == 2);
  CHECK(result.claim.played == Duration(1500));
  CHECK(result.encoded == payload.substr(8));
}

TEST_CASE("a failure tells its cause and its text") {
  const auto failed =
      read<core::AttemptFailed>(MessageType::failure, failure_of(9, Cause::world_error));
  CHECK(failed.task == 77);
  CHECK(failed.cause == Cause::world_error);
  CHECK(failed.detail == "no cards left");
  CHECK(failed.played == Duration(9));
  CHECK(!failed.culprit);
}

TEST_CASE("a failure may tell how a program ended that played for the world") {
  for (const Cause cause : {Cause::crashed, Cause::exited, Cause::protocol_violation,
                            Cause::launch_failed, Cause::result_too_large}) {
    CHECK(read<core::AttemptFailed>(MessageType::failure, failure_of(9, cause)).cause == cause);
  }
}

TEST_CASE("a failure may name the seat that is to blame") {
  const auto failed =
      read<core::AttemptFailed>(MessageType::failure, failure_of(9, Cause::world_error, 0));
  CHECK(failed.culprit == 0);
}

TEST_CASE("a worker that cannot build the world says why") {
  CHECK(read<core::WorkerNotReady>(MessageType::not_ready, "no data").reason == "no data");
}

TEST_CASE("what has not the right form breaks the protocol") {
  MessageType type = MessageType::result;
  std::string payload;
  SUBCASE("nothing") {}
  SUBCASE("a result without its bytes") { payload = std::string(8, '\0'); }
  SUBCASE("a result of too few seats") { payload = result_of(1, kSeats - 1); }
  SUBCASE("a result with something behind it") { payload = result_of(1, kSeats) + "x"; }
  SUBCASE("a result that took longer than time lasts") { payload = result_of(UINT64_MAX, kSeats); }
  SUBCASE("an empty failure") { type = MessageType::failure; }
  SUBCASE("a failure with a cause that is not the worker's to tell") {
    type = MessageType::failure;
    payload = failure_of(1, Cause::timed_out);
  }
  SUBCASE("a failure that blames a seat that there is not") {
    type = MessageType::failure;
    payload = failure_of(1, Cause::world_error, kSeats);
  }
  SUBCASE("a failure with a cause that is none") {
    type = MessageType::failure;
    payload = failure_of(1, static_cast<Cause>(200));
  }
  SUBCASE("a message of the supervisor") { type = MessageType::brief; }
  SUBCASE("a type that is none") { type = static_cast<MessageType>(99); }
  CHECK(read<core::ProtocolBroken>(type, payload).worker == kWorker);
}

}  // namespace
}  // namespace joust::os
