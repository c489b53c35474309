#include "common/result_codec.hpp"

#include <fmt/format.h>

#include <limits>

#include "common/bytes.hpp"

namespace joust {
namespace {

constexpr std::uint8_t kVersion = 1;

void require_at_most(std::string_view what, std::size_t size, std::size_t limit) {
  if (size > limit) {
    throw std::length_error(
        fmt::format("the world's result has {} {}; the limit is {}", size, what, limit));
  }
}

void put_name(std::string& out, std::string_view name) {
  require_at_most("bytes in a name", name.size(), std::numeric_limits<std::uint8_t>::max());
  put_number(out, static_cast<std::uint8_t>(name.size()));
  out.append(name);
}

// Reads a result and hands its parts to `visitor`; false when the bytes are malformed.
template <class Visitor>
bool read(std::string_view bytes, Visitor&& visitor) {
  ByteReader in(bytes);
  if (in.number<std::uint8_t>() != kVersion) return false;
  const auto seats = in.number<std::uint16_t>();
  visitor.seats(seats);
  for (unsigned i = 0; i < seats && in.ok(); ++i) {
    const auto score = in.number<double>();
    visitor.seat(score, in.take(in.number<std::uint8_t>()));
  }
  const auto counters = in.number<std::uint16_t>();
  for (unsigned i = 0; i < counters && in.ok(); ++i) {
    const auto value = in.number<double>();
    visitor.counter(value, in.take(in.number<std::uint8_t>()));
  }
  visitor.payload(in.take(in.number<std::uint32_t>()));
  return in.complete();
}

struct Checker {
  std::uint32_t count = 0;
  void seats(std::uint32_t seats) { count = seats; }
  void seat(double, std::string_view) {}
  void counter(double, std::string_view) {}
  void payload(std::string_view) {}
};

struct Builder {
  WorldResult result;
  void seats(std::uint32_t) {}
  void seat(double score, std::string_view name) {
    result.seats.push_back({std::string(name), score});
  }
  void counter(double value, std::string_view name) {
    result.counters.push_back({std::string(name), value});
  }
  void payload(std::string_view bytes) { result.payload = bytes; }
};

}  // namespace

void encode_result(const WorldResult& result, std::string& out) {
  constexpr std::size_t kMaxCount = std::numeric_limits<std::uint16_t>::max();
  require_at_most("seats", result.seats.size(), kMaxCount);
  require_at_most("counters", result.counters.size(), kMaxCount);
  require_at_most("bytes of payload", result.payload.size(),
                  std::numeric_limits<std::uint32_t>::max());
  put_number(out, kVersion);
  put_number(out, static_cast<std::uint16_t>(result.seats.size()));
  for (const SeatResult& seat : result.seats) {
    put_number(out, seat.score);
    put_name(out, seat.agent_name);
  }
  put_number(out, static_cast<std::uint16_t>(result.counters.size()));
  for (const Counter& counter : result.counters) {
    put_number(out, counter.value);
    put_name(out, counter.name);
  }
  put_number(out, static_cast<std::uint32_t>(result.payload.size()));
  out.append(result.payload);
}

std::optional<WorldResult> decode_result(std::string_view bytes) {
  Builder builder;
  if (!read(bytes, builder)) return std::nullopt;
  return std::move(builder.result);
}

std::optional<std::uint32_t> check_result(std::string_view bytes) {
  Checker checker;
  if (!read(bytes, checker)) return std::nullopt;
  return checker.count;
}

}  // namespace joust
