// The supervisor is killed at its N-th system call, for every n-th N, and each time the run is
// resumed; and its N-th call fails, with each error that such a call may give. The tables must be
// those of a calm run, nothing may be left behind, and what fails must say so.
//
// JOUST_CALLS_EVERY=n sets the distance between two N; 1 takes every call.

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>

#include <cstring>

#include "tests/support/process_joust.hpp"
#include "tests/support/process_spec.hpp"
#include "tests/support/stride.hpp"
#include "tests/support/traced_calls.hpp"

namespace joust::test {
namespace {

namespace fs = std::filesystem;

// A small tournament, which one supervisor begins under interference and another one ends.
class Trial {
 public:
  Trial() : spec_(write_spec(folder_.path(), tournament())) {}

  static SpecText tournament() {
    SpecText spec = busy_worlds(3, "0s");
    spec.parameters += "\npayload = \"2KiB\"";
    return spec;
  }

  CallTrace run(const Interference& interference) {
    JoustOptions options;
    options.traced = true;
    JoustProcess process({"run", spec_.string(), "--out", dir_.string(), "--workers", "2"},
                         options);
    const CallTrace trace = trace_calls(process, interference, seconds(20));
    said_ = process.err();
    nothing_left_ = eventually(seconds(1), [&] { return process.descendants().empty(); });
    return trace;
  }

  // Goes on, or begins if the first supervisor did not get that far.
  Finished finish() const {
    if (fs::exists(dir_)) return joust({"resume", dir_.string(), "--workers", "2"});
    return joust({"run", spec_.string(), "--out", dir_.string(), "--workers", "2"});
  }

  const fs::path& dir() const { return dir_; }
  const std::string& said() const { return said_; }
  bool nothing_left() const { return nothing_left_; }
  // Beside the spec and the run directory.
  std::vector<std::string> foreign_files() const {
    std::vector<std::string> found;
    for (const auto& entry : fs::directory_iterator(folder_.path())) {
      if (entry.path() != spec_ && entry.path() != dir_) found.push_back(entry.path().filename());
    }
    return found;
  }

 private:
  ScratchFolder folder_;
  fs::path spec_;
  fs::path dir_ = folder_.path() / "run";
  std::string said_;
  bool nothing_left_ = false;
};

struct Calm {
  std::vector<long> calls;
  std::map<std::string, std::string> tables;
};

Calm calm_run() {
  Trial trial;
  const CallTrace trace = trial.run({});
  CAPTURE(trial.said());
  REQUIRE(trace.ending == 0);
  REQUIRE(trace.calls.size() > 200);
  return {trace.calls, tables_of(trial.dir())};
}

std::string wrong_after_finish(const Trial& trial, const Calm& calm) {
  const Finished end = trial.finish();
  if (end.code != 0) return fmt::format("it was not finished: exit code {}, {}", end.code, end.err);
  if (tables_of(trial.dir()) != calm.tables) return "the tables differ";
  if (!trial.foreign_files().empty()) return "left behind: " + trial.foreign_files().front();
  return "";
}

std::string wrong_after_kill(std::uint64_t at, const Calm& calm) {
  Trial trial;
  const CallTrace trace = trial.run({at, std::nullopt});
  if (trace.hung) return "it hung";
  if (trace.calls.size() < at) return wrong_after_finish(trial, calm);  // it needed fewer calls
  if (trace.ending != -SIGKILL) return fmt::format("it ended with {}", trace.ending);
  if (!trial.nothing_left()) return "a process lived on";
  return wrong_after_finish(trial, calm);
}

// Empty: all is well.
std::string wrong_after_error(const CallTrace& trace, const Trial& trial, const Calm& calm) {
  if (trace.hung) return "it hung: " + trial.said();
  if (trace.ending < 0) return "it crashed: " + trial.said();
  if (trace.ending == 1) return "an internal error: " + trial.said();
  if (trace.ending != 0 && trial.said().find("joust: ") == std::string::npos) {
    return fmt::format("it ended with {} and said nothing", trace.ending);
  }
  if (!trial.nothing_left()) return "a process lived on";
  return wrong_after_finish(trial, calm);
}

// How many errors the call number `at` was given, one in each run.
std::uint64_t give_errors(std::uint64_t at, const Calm& calm) {
  for (std::size_t choice = 0;; ++choice) {
    Trial trial;
    const CallTrace trace = trial.run({at, choice});
    if (trace.error == 0) return choice;
    const std::string wrong = wrong_after_error(trace, trial, calm);
    if (wrong.empty()) continue;
    FAIL_CHECK(fmt::format("call {} (number {}) gave {}: {}", at, trace.calls.at(at - 1),
                           ::strerrorname_np(trace.error), wrong));
  }
}

TEST_CASE("the supervisor killed at any system call: the run is resumed to the same tables") {
  const Calm calm = calm_run();
  const std::uint64_t every = stride("JOUST_CALLS_EVERY", 5);
  std::uint64_t kills = 0;
  for (std::uint64_t at = 1; at <= calm.calls.size(); at += every, ++kills) {
    const std::string wrong = wrong_after_kill(at, calm);
    if (!wrong.empty()) FAIL_CHECK(fmt::format("killed at call {}: {}", at, wrong));
  }
  fmt::print("{} system calls; killed at {} of them\n", calm.calls.size(), kills);
}

TEST_CASE("any system call of the supervisor fails: it recovers, or says so and can be resumed") {
  const Calm calm = calm_run();
  const std::uint64_t every = stride("JOUST_CALLS_EVERY", 9);
  std::uint64_t errors = 0;
  for (std::uint64_t at = 1; at <= calm.calls.size(); at += every) errors += give_errors(at, calm);
  fmt::print("{} system calls; {} errors given\n", calm.calls.size(), errors);
}

}  // namespace
}  // namespace joust::test
