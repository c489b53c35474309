#pragma once
// Random numbers of the simulated pool: a seed gives the same story on every machine.

#include <cstdint>
#include <initializer_list>

#include "common/time.hpp"

namespace joust::sim {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  // The stream that belongs to these numbers.
  static Random of(std::initializer_list<std::uint64_t> numbers) {
    Random mixed(0x6A6F757374ULL);
    for (const std::uint64_t number : numbers) mixed.state_ = mixed.next() ^ number;
    return mixed;
  }

  std::uint64_t next() {  // splitmix64
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }
  std::uint64_t below(std::uint64_t limit) { return limit == 0 ? 0 : next() % limit; }
  bool percent(std::uint64_t chance) { return below(100) < chance; }
  std::uint64_t between(std::uint64_t low, std::uint64_t high) {
    return low + below(high - low + 1);
  }
  Duration between(Duration low, Duration high) {
    return Duration(static_cast<Duration::rep>(between(static_cast<std::uint64_t>(low.count()),
                                                       static_cast<std::uint64_t>(high.count()))));
  }
  // Of any order of magnitude between the two.
  Duration of_any_size(Duration low, Duration high) {
    Duration top = low;
    while (top < high && !percent(12)) top *= 2;
    return between(low, top < high ? top : high);
  }

 private:
  std::uint64_t state_;
};

}  // namespace joust::sim
