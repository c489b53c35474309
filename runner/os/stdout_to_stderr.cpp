#include "runner/os/stdout_to_stderr.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>

namespace joust::os {

StdoutToStderr::StdoutToStderr() : stdout_(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)) {
  std::fflush(stdout);
  if (stdout_) ::dup2(STDERR_FILENO, STDOUT_FILENO);
}

StdoutToStderr::~StdoutToStderr() {
  std::fflush(stdout);
  if (stdout_) ::dup2(stdout_.get(), STDOUT_FILENO);
}

}  // namespace joust::os
