// A world that computes nothing, or keeps a core busy for a given time: what the benchmarks of the
// pool play, and the smallest example of a world. Scores depend on the seed alone.

#include <chrono>

#include "common/resources.hpp"
#include "worker/worlds/worlds.hpp"

namespace joust::worlds {
namespace {

class NoopWorld : public World {
 public:
  explicit NoopWorld(const WorldSetup& setup)
      : work_(setup.parameters.get<std::int64_t>("work")),
        payload_(static_cast<std::size_t>(setup.parameters.get<std::int64_t>("payload"))),
        resources_(setup.resources),
        read_(setup.parameters.get<std::string>("read")) {
    if (!read_.empty()) resources_.require(read_);
  }

  WorldResult play(const WorldTask& task, WorldContext&) override {
    if (work_.count() > 0) {
      const auto end = std::chrono::steady_clock::now() + work_;
      while (std::chrono::steady_clock::now() < end) {
      }
    }
    WorldResult result;
    if (!read_.empty()) {
      result.counters = {{"bytes_sum", static_cast<double>(sum_of(resources_.get(read_)))}};
    }
    result.seats.resize(task.seats.size());
    for (std::size_t seat = 0; seat < task.seats.size(); ++seat) {
      result.seats[seat].score =
          static_cast<double>((task.seed >> (8 * (seat % 6))) & 0xFF) / 255.0;
    }
    result.payload.assign(payload_, 'x');
    return result;
  }

 private:
  static std::uint64_t sum_of(std::span<const std::byte> bytes) {
    constexpr std::size_t kPage = 4096;
    std::uint64_t sum = 0;
    for (std::size_t at = 0; at < bytes.size(); at += kPage) {
      sum += std::to_integer<std::uint64_t>(bytes[at]);
    }
    return sum;
  }

  std::chrono::nanoseconds work_;
  std::size_t payload_;
  Resources resources_;
  std::string read_;  // the resource that each world reads; empty: none
};

std::unique_ptr<World> make(const WorldSetup& setup) { return std::make_unique<NoopWorld>(setup); }

}  // namespace

WorldType noop_world() {
  WorldType type;
  type.name = "noop";
  type.summary = "Does nothing, or keeps a core busy for a given time; scores come from the seed.";
  type.min_seats = 1;
  type.max_seats = 64;
  type.default_seats = 2;
  type.parameters = {
      {.name = "work",
       .kind = ParameterKind::duration,
       .default_value = std::int64_t{0},
       .unit = "",
       .summary = "processor time that each world takes",
       .minimum = 0,
       .maximum = 3600e9,
       .choices = {}},
      {.name = "payload",
       .kind = ParameterKind::size,
       .default_value = std::int64_t{0},
       .unit = "",
       .summary = "size of each world's result payload",
       .minimum = 0,
       .maximum = 1 << 30,
       .choices = {}},
      {.name = "read",
       .kind = ParameterKind::text,
       .default_value = std::string(),
       .unit = "",
       .summary = "the [[resource]] that each world reads, a byte of every 4096",
       .choices = {}},
  };
  type.competitor_types = {{"Any", "has a name and nothing else", {}}};
  type.make = make;
  return type;
}

}  // namespace joust::worlds
