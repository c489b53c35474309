#pragma once
// What it took to make a report: a last line on standard error, where it changes no report.

#include <chrono>
#include <cstdint>

namespace joust::cli {

class ReportEffort {
 public:
  ReportEffort() : begun_(std::chrono::steady_clock::now()) {}

  // "joust: report made in 1.2s (1000000 worlds read, 65.2 MiB peak memory)". The time is that
  // since this was made, the memory that of the whole process so far.
  void tell(std::uint64_t worlds_read) const;

 private:
  std::chrono::steady_clock::time_point begun_;
};

}  // namespace joust::cli
