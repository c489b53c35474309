#pragma once
// A running sum that loses no more than the last bit (Neumaier): the order of a million additions
// does not show in a table.

#include <cmath>

namespace joust::scoring {

class CompensatedSum {
 public:
  void add(double value) {
    const double next = sum_ + value;
    lost_ += std::fabs(sum_) >= std::fabs(value) ? (sum_ - next) + value : (value - next) + sum_;
    sum_ = next;
  }
  // After an overflow the compensation is meaningless.
  double total() const { return std::isfinite(sum_) ? sum_ + lost_ : sum_; }

 private:
  double sum_ = 0;
  double lost_ = 0;
};

}  // namespace joust::scoring
