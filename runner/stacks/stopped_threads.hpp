#pragma once
// Holds the threads of another process still for as long as the object lives.

#include <string>
#include <vector>

#include "runner/stacks/proc_facts.hpp"

namespace joust::stacks {

struct HeldThread {
  ThreadFacts facts;      // from before it was held
  bool attached = false;  // it is ours to let go
  bool still = false;     // its stack can be read
  std::string trouble;    // why it is not still
  int signal = 0;         // arrived meanwhile; handed on when the thread goes on
};

// Uses PTRACE_SEIZE, which leaves no SIGSTOP behind: when this process is killed at any time, the
// threads go on, and a process that was stopped stays stopped.
class StoppedThreads {
 public:
  // Takes at most `most` threads, the oldest first, and waits a fifth of a second for them to stand
  // still (a thread in the midst of a system call that cannot be interrupted does not).
  StoppedThreads(int pid, std::size_t most);
  ~StoppedThreads();  // lets them go on
  StoppedThreads(const StoppedThreads&) = delete;
  StoppedThreads& operator=(const StoppedThreads&) = delete;

  const std::vector<HeldThread>& threads() const { return threads_; }
  std::size_t left_out() const { return left_out_; }

 private:
  bool take_new_ones(int pid, std::size_t most);
  void wait_until_still();
  std::vector<HeldThread> threads_;
  std::size_t left_out_ = 0;
};

}  // namespace joust::stacks
