#pragma once
// Where a value lies in a plot, and which values the axis names.

#include <string>
#include <vector>

namespace joust::report::html {

struct Tick {
  double value = 0;
  std::string label;
};

// Maps [low, high] to [from, to], in straight proportion or in that of the logarithms.
class Scale {
 public:
  // REQUIRES: low < high, both finite.
  static Scale linear(double low, double high, double from, double to);
  // REQUIRES: 0 < low < high.
  static Scale logarithmic(double low, double high, double from, double to);

  double operator()(double value) const;
  double low() const { return low_; }
  double high() const { return high_; }
  double from() const { return from_; }
  double to() const { return to_; }

 private:
  Scale(double low, double high, double from, double to, bool log)
      : low_(low), high_(high), from_(from), to_(to), log_(log) {}

  double low_;
  double high_;
  double from_;
  double to_;
  bool log_;
};

// Round numbers (1, 2 or 5 times a power of ten apart) between low and high, about `count` of them,
// but at least two: a single one gives no scale. REQUIRES: low < high, both finite.
std::vector<Tick> number_ticks(double low, double high, int count);

// Durations in seconds at round steps (1, 2, 5, 10, 15, 30 of seconds, minutes, hours or days).
// REQUIRES: high > 0.
std::vector<Tick> time_ticks(double high, int count);

}  // namespace joust::report::html
