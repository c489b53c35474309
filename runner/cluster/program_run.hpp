#pragma once
// Runs another program to its end, with a time-out.

#include <string>
#include <vector>

#include "common/time.hpp"

namespace joust::cluster {

struct ProgramEnd {
  int code = -1;      // exit code; 128 + the signal's number when one ended it
  bool late = false;  // it took longer than it was given, and was killed
  std::string out;
  std::string err;
};

// `words`: the program, looked for in PATH, and its arguments; no shell is involved. It has this
// process's environment, an empty standard input and no blocked signals. Throws ClusterError when
// it cannot be started, and std::system_error. REQUIRES: nobody else reaps this process's children
// meanwhile.
ProgramEnd run_program(const std::vector<std::string>& words, Duration patience);

}  // namespace joust::cluster
