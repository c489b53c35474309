#include "runner/cli/report_effort.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "common/number_after.hpp"
#include "common/whole_file.hpp"
#include "runner/report/human.hpp"

namespace joust::cli {
namespace {

// Not getrusage's: that counts what was there before exec, too. Empty where there is no /proc.
std::string peak_memory() {
  const auto kibibytes = number_after("VmHWM:", read_whole_file("/proc/self/status").value_or(""));
  return kibibytes ? fmt::format(", {} peak memory", report::human_bytes(*kibibytes << 10)) : "";
}

}  // namespace

void ReportEffort::tell(std::uint64_t worlds_read) const {
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun_;
  fmt::print(stderr, "joust: report made in {} ({} read{})\n",
             report::human_fine_seconds(took.count()), report::counted(worlds_read, "world"),
             peak_memory());
}

}  // namespace joust::cli
