#pragma once
// While it lives, what this process and its children write to standard output goes to standard
// error: worlds that are played here print what they like, and our output must stay readable.

#include "common/unique_fd.hpp"

namespace joust::os {

// For the main thread. Where no descriptor can be had, nothing is redirected.
class StdoutToStderr {
 public:
  StdoutToStderr();
  ~StdoutToStderr();
  StdoutToStderr(const StdoutToStderr&) = delete;
  StdoutToStderr& operator=(const StdoutToStderr&) = delete;

 private:
  UniqueFd stdout_;
};

}  // namespace joust::os
