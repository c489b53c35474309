// joust-stacks: prints the stacks of processes. A program of its own, so that the library that does
// the work can hang or crash without harm to a tournament, and the worker's start is not slower for
// it. Started by joust, and by people who want to know what a process does.
//
//     joust-stacks [--limit MS] PID [PID...]     of these processes and all their descendants
//     joust-stacks [--limit MS] --symbolise FILE of a crash record (worker/crash_handler.hpp)
//     joust-stacks --version
//
// Exit codes: 0 all stacks were had; 1 some were not, or the time was up (what is printed says
// which and why); 2 bad command line. Nothing is asked of any network.

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/parse_number.hpp"
#include "common/whole_file.hpp"
#include "runner/stacks/crash_text.hpp"
#include "runner/stacks/live_stacks.hpp"
#include "runner/stacks/output.hpp"

namespace {

using namespace joust;

constexpr long kUsualLimit = 2000;         // ms
constexpr long kLongestLimit = 3'600'000;  // ms
constexpr std::size_t kLongestRecord = 1 << 20;

struct Options {
  long limit = kUsualLimit;
  std::string record;
  std::vector<int> pids;
};

std::optional<Options> read(const std::vector<std::string>& words) {
  Options options;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--limit" && i + 1 < words.size()) {
      options.limit = parse_number<long>(words[++i]).value_or(0);
      if (options.limit <= 0 || options.limit > kLongestLimit) return std::nullopt;
    } else if (words[i] == "--symbolise" && i + 1 < words.size()) {
      options.record = words[++i];
    } else if (const auto pid = parse_number<int>(words[i]); pid && *pid > 0) {
      options.pids.push_back(*pid);
    } else {
      return std::nullopt;
    }
  }
  if (options.record.empty() == options.pids.empty()) return std::nullopt;
  return options;
}

bool symbolise(const std::string& file) {
  const auto record = read_whole_file(file, kLongestRecord);
  if (record) return stacks::print_crash(*record);
  std::perror(("joust-stacks: cannot read " + file).c_str());
  return false;
}

bool run(const Options& options) {
  if (!options.record.empty()) return symbolise(options.record);
  bool all = true;
  for (const int pid : options.pids) all = stacks::print_family(pid) && all;
  return all;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    // libdwfl would ask the servers named there for debug information
    ::unsetenv("DEBUGINFOD_URLS");
    if (argc == 2 && std::string_view(argv[1]) == "--version") {
      stacks::print("joust-stacks " JOUST_VERSION "\n");
      return stacks::print_failed() ? stacks::kSomeFailed : stacks::kAllTaken;
    }
    const auto options = read({argv + 1, argv + argc});
    if (!options) {
      std::fputs(
          "usage: joust-stacks [--limit MS] PID [PID...]\n"
          "       joust-stacks [--limit MS] --symbolise FILE\n",
          stderr);
      return stacks::kBadUsage;
    }
    stacks::limit_time(options->limit);
    return run(*options) && !stacks::print_failed() ? stacks::kAllTaken : stacks::kSomeFailed;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "joust-stacks: %s\n", error.what());
    return stacks::kSomeFailed;
  }
}
