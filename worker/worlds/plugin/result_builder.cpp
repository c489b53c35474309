#include "worker/worlds/plugin/result_builder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace joust::worlds::plugin {
namespace {

constexpr std::size_t kLongestName = 255;
constexpr std::size_t kMostCounters = std::numeric_limits<std::uint16_t>::max();

// A name that two of them have; empty: none.
std::string repeated_name(const std::vector<Counter>& counters) {
  std::vector<std::string_view> names;
  names.reserve(counters.size());
  for (const Counter& counter : counters) names.push_back(counter.name);
  std::sort(names.begin(), names.end());
  const auto found = std::adjacent_find(names.begin(), names.end());
  return found == names.end() ? std::string() : std::string(*found);
}

}  // namespace

ResultBuilder::ResultBuilder(std::vector<std::string> names) : scored_(names.size()) {
  result_.seats.resize(names.size());
  for (std::size_t seat = 0; seat < names.size(); ++seat) {
    result_.seats[seat].agent_name = std::move(names[seat]);
  }
}

void ResultBuilder::score(std::uint32_t seat, double score, std::string_view agent) {
  if (!is_seat(seat, "a score")) return;
  if (scored_[seat]) complain(fmt::format("it gave seat {} two scores", seat));
  if (std::isinf(score)) complain(fmt::format("it gave seat {} an infinite score", seat));
  check_name(agent, "an agent's name");
  scored_[seat] = true;
  result_.seats[seat].score = score;
  if (!agent.empty()) result_.seats[seat].agent_name = agent;
}

void ResultBuilder::seat_counter(std::uint32_t seat, std::string_view name, double value) {
  if (!is_seat(seat, "a counter")) return;
  check_name(name, "a counter's name");
  std::vector<Counter>& counters = result_.seats[seat].counters;
  if (counters.size() == kMostSeatCounters) {
    return complain(fmt::format("it gave seat {} more than {} counters", seat, kMostSeatCounters));
  }
  counters.push_back({std::string(name), value});
}

void ResultBuilder::counter(std::string_view name, double value) {
  check_name(name, "a counter's name");
  if (result_.counters.size() == kMostCounters) {
    return complain(fmt::format("it gave more than {} counters of the world", kMostCounters));
  }
  result_.counters.push_back({std::string(name), value});
}

WorldResult ResultBuilder::finish() {
  const auto unscored = std::find(scored_.begin(), scored_.end(), false);
  if (unscored != scored_.end()) {
    complain(fmt::format("it gave no score to seat {} of {}", unscored - scored_.begin(),
                         scored_.size()));
  }
  if (const std::string name = repeated_name(result_.counters); !name.empty()) {
    complain(fmt::format("it gave the counter '{}' of the world twice", name));
  }
  for (std::size_t seat = 0; seat < result_.seats.size(); ++seat) {
    const std::string name = repeated_name(result_.seats[seat].counters);
    if (!name.empty())
      complain(fmt::format("it gave the counter '{}' of seat {} twice", name, seat));
  }
  if (!fault_.empty()) {
    throw WorldFailure(Cause::protocol_violation,
                       "the plugin broke the rules of results: " + fault_);
  }
  return std::move(result_);
}

bool ResultBuilder::is_seat(std::uint32_t seat, const char* what) {
  if (seat < scored_.size()) return true;
  complain(
      fmt::format("it gave {} to seat {}; the seats are 0 to {}", what, seat, scored_.size() - 1));
  return false;
}

void ResultBuilder::check_name(std::string_view name, const char* what) {
  if (name.size() <= kLongestName) return;
  complain(fmt::format("{} has {} bytes; the limit is {}", what, name.size(), kLongestName));
}

void ResultBuilder::complain(std::string text) {
  if (fault_.empty()) fault_ = std::move(text);
}

}  // namespace joust::worlds::plugin
