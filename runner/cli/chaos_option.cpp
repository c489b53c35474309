#include "runner/cli/chaos_option.hpp"

#include <fmt/format.h>

#include <string_view>

#include "common/parse_number.hpp"

namespace joust::cli {
namespace {

constexpr double kMostPerSecond = 1000;

[[noreturn]] void fail(std::string_view part, std::string_view wanted) {
  throw ChaosError(
      fmt::format("'{}' is not {}; write it like \"kill=20/s,stop=2/s,seed=7\"", part, wanted));
}

// "20/s" or "30/m", per second.
double rate_of(std::string_view part, std::string_view text) {
  double divisor = 0;
  if (text.ends_with("/s")) divisor = 1;
  if (text.ends_with("/m")) divisor = 60;
  if (divisor == 0) fail(part, "a rate per second (/s) or minute (/m)");
  const auto number = parse_number<double>(text.substr(0, text.size() - 2));
  // not: number <= most, which is false for NaN too
  if (!number || !(*number >= 0 && *number / divisor <= kMostPerSecond)) {
    fail(part, fmt::format("a rate from 0 to {} per second", kMostPerSecond));
  }
  return *number / divisor;
}

void set(os::InjuryPlan& plan, std::string_view part) {
  const std::size_t equals = part.find('=');
  const std::string_view name = part.substr(0, equals);
  const std::string_view value =
      equals == std::string_view::npos ? std::string_view() : part.substr(equals + 1);
  if (name == "kill") {
    plan.kills_per_second = rate_of(part, value);
  } else if (name == "stop") {
    plan.stops_per_second = rate_of(part, value);
  } else if (name == "seed") {
    const auto seed = parse_number<std::uint64_t>(value);
    if (!seed) fail(part, "a seed, a whole number");
    plan.seed = *seed;
  } else {
    fail(part, "one of kill, stop and seed");
  }
}

}  // namespace

os::InjuryPlan parse_chaos(const std::string& text) {
  os::InjuryPlan plan;
  std::string_view rest = text;
  while (true) {
    const std::size_t comma = rest.find(',');
    set(plan, rest.substr(0, comma));
    if (comma == std::string_view::npos) break;
    rest.remove_prefix(comma + 1);
  }
  if (plan.per_second() == 0) {
    fail(text, "a way to injure workers: give kill or stop a rate");
  }
  return plan;
}

}  // namespace joust::cli
