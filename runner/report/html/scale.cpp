#include "runner/report/html/scale.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace joust::report::html {
namespace {

// The smallest of 1, 2, 5, 10 times a power of ten that is at least `rough`.
double nice_step(double rough) {
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= rough * (1 - 1e-9)) return factor * power;
  }
  return 10 * power;
}

std::string tick_label(double value, double step) {
  const double size = std::max(std::fabs(value), step);
  if (size >= 1e6 || size < 1e-4) return fmt::format("{:.3g}", value);
  const int decimals = std::max(0, static_cast<int>(std::ceil(-std::log10(step) - 1e-9)));
  const std::string text = fmt::format("{:.{}f}", std::fabs(value), decimals);
  return value < 0 ? "\u2212" + text : text;
}

std::string time_label(double seconds, double step) {
  const auto whole = static_cast<std::uint64_t>(std::llround(seconds));
  if (seconds == 0) return "0";
  if (step < 1) return fmt::format("{:.3g}s", seconds);
  if (whole < 60) return fmt::format("{}s", whole);
  if (whole < 3600) {
    return whole % 60 == 0 ? fmt::format("{}m", whole / 60)
                           : fmt::format("{}m{:02}s", whole / 60, whole % 60);
  }
  if (whole < 86400 || step < 3600) {
    return whole % 3600 == 0 ? fmt::format("{}h", whole / 3600)
                             : fmt::format("{}h{:02}m", whole / 3600, whole / 60 % 60);
  }
  return whole % 86400 == 0 ? fmt::format("{}d", whole / 86400)
                            : fmt::format("{}d{:02}h", whole / 86400, whole / 3600 % 24);
}

double nice_time_step(double rough) {
  constexpr std::array<double, 19> kSteps = {1,     2,     5,     10,    15,    30,   60,
                                             120,   300,   600,   900,   1800,  3600, 7200,
                                             10800, 21600, 43200, 86400, 172800};
  if (rough < 1) return nice_step(rough);
  for (const double step : kSteps) {
    if (step >= rough) return step;
  }
  return nice_step(rough / 86400) * 86400;
}

}  // namespace

Scale Scale::linear(double low, double high, double from, double to) {
  return {low, high, from, to, false};
}

Scale Scale::logarithmic(double low, double high, double from, double to) {
  return {low, high, from, to, true};
}

double Scale::operator()(double value) const {
  const double share =
      log_ ? std::log(value / low_) / std::log(high_ / low_) : (value - low_) / (high_ - low_);
  return from_ + share * (to_ - from_);
}

std::vector<Tick> number_ticks(double low, double high, int count) {
  constexpr std::size_t kFewest = 2;
  std::vector<Tick> ticks;
  const double step = nice_step((high - low) / std::max(1, count));
  const double first = std::ceil(low / step - 1e-9);
  for (int i = 0; i <= 2 * count + 2; ++i) {
    const double value = (first + i) * step;
    if (value > high + step * 1e-6) break;
    const double clean = std::fabs(value) < step * 1e-6 ? 0 : value;
    ticks.push_back({clean, tick_label(clean, step)});
  }
  const bool can_be_finer = step > (std::fabs(low) + std::fabs(high)) * 1e-12;
  return ticks.size() < kFewest && can_be_finer ? number_ticks(low, high, 2 * std::max(1, count))
                                                : ticks;
}

std::vector<Tick> time_ticks(double high, int count) {
  std::vector<Tick> ticks;
  const double step = nice_time_step(high / std::max(1, count));
  for (int i = 0; i <= 2 * count + 2 && i * step <= high * (1 + 1e-9); ++i) {
    ticks.push_back({i * step, time_label(i * step, step)});
  }
  return ticks;
}

}  // namespace joust::report::html
