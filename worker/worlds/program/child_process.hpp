#pragma once
// A program that plays for us, worlds or a seat of them: its process and the pipes to it. Not
// thread-safe.

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "common/command_setup.hpp"
#include "common/time.hpp"
#include "common/unique_fd.hpp"
#include "common/world.hpp"

namespace joust::worlds::program {

// What the child holds besides standard input (empty) and error (ours).
enum class Pipes {
  messages,  // descriptors 3 and 4; standard output is ours
  output,    // standard output is a pipe that we read
};

// How a process ended.
struct ProcessEnd {
  bool by_signal = false;
  int number = 0;  // the signal, or the exit code
};

// "exit code 3", "signal 11 (SIGSEGV)".
std::string describe(const ProcessEnd& end);

// Its text has the program's name and the reason.
struct CannotStart : WorldFailure {
  CannotStart(int error, const std::string& text)
      : WorldFailure(Cause::launch_failed, text), error_number(error) {}
  int error_number;  // of errno
};

// It leads a process group of its own; when it ends, the rest of the group is killed.
class ChildProcess {
 public:
  // Starts `command` in setup.folder with that environment. Throws CannotStart.
  ChildProcess(const CommandSetup& setup, const std::vector<std::string>& command,
               const std::vector<std::string>& environment, Pipes pipes);
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  // Kills it, where it still lives, and reaps it.
  ~ChildProcess();

  int read_fd() const { return read_.get(); }    // what it writes
  int write_fd() const { return write_.get(); }  // what it reads; -1 with Pipes::output
  int pidfd() const { return pidfd_.get(); }     // readable once it has ended
  pid_t pid() const { return pid_; }

  void close_pipes();

  // Waits for its end for that long at most, and reaps it. Once it has ended, always its end.
  std::optional<ProcessEnd> wait(Duration at_most);

  // Whether a signal has stopped it and it has not gone on.
  bool is_stopped() const;

  // SIGKILL, and reaps it.
  void kill();

 private:
  void end_group() const;

  pid_t pid_ = -1;
  UniqueFd pidfd_;
  UniqueFd read_;
  UniqueFd write_;
  std::optional<ProcessEnd> end_;
};

// Bytes of memory that the process holds now (resident); 0 when that cannot be read.
std::uint64_t resident_bytes(pid_t pid);

}  // namespace joust::worlds::program
