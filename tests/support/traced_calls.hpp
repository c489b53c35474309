#pragma once
// Watches the system calls of a joust process (not of its workers), and interferes with one of
// them. x86-64 only.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/process_joust.hpp"

namespace joust::test {

// What is done at the call number `at`, counted from 1; 0: nothing.
struct Interference {
  std::uint64_t at = 0;
  // The call is not made and gives this one of the errors that such a call may give, counted from
  // 0; nothing: SIGKILL instead of the call.
  std::optional<std::size_t> error;
};

struct CallTrace {
  std::vector<long> calls;  // numbers of the system calls that count, in the order they were made
  int error = 0;            // that was given; 0: the call is known for fewer errors, or none
  bool hung = false;        // it did not end in time and was killed
  int ending = 0;           // the exit code, or minus the signal
};

// Lets `process` run to its end. Counted are the calls that touch the run directory, the journal or
// workers, from the moment on when joust has begun to work on a run directory. REQUIRES: the
// process was started with JoustOptions::traced, and the test has no other children.
CallTrace trace_calls(JoustProcess& process, const Interference& interference,
                      std::chrono::nanoseconds limit);

}  // namespace joust::test
