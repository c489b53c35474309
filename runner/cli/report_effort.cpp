#include "runner/cli/report_effort.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <sstream>

#include "common/whole_file.hpp"
#include "runner/report/human.hpp"

namespace joust::cli {
namespace {

// Not getrusage's: that counts what was there before exec, too. Empty where there is no /proc.
std::string peak_memory() {
  std::istringstream lines(read_whole_file("/proc/self/status").value_or(""));
  constexpr std::string_view kKey = "VmHWM:";
  for (std::string line; std::getline(lines, line);) {
    std::istringstream fields(line);
    std::string key;
    std::uint64_t kibibytes = 0;
    if (fields >> key >> kibibytes && key == kKey) {
      return fmt::format(", {} peak memory", report::human_bytes(kibibytes << 10));
    }
  }
  return "";
}

}  // namespace

void ReportEffort::tell(std::uint64_t worlds_read) const {
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun_;
  fmt::print(stderr, "joust: report made in {} ({} read{})\n",
             report::human_fine_seconds(took.count()), report::counted(worlds_read, "world"),
             peak_memory());
}

}  // namespace joust::cli
