#pragma once
// A forked child that runs instruction by instruction (ptrace; x86-64 only). For tests that end a
// process at each of its instructions. REQUIRES: the test has no other threads at that time.

#include <sys/types.h>

#include <functional>

namespace joust::test {

class TracedChild {
 public:
  // The child stands still before the first instruction of `body`; when that returns, it exits with
  // 0. Throws std::system_error.
  explicit TracedChild(const std::function<void()>& body);
  ~TracedChild();  // SIGKILL, if it still runs
  TracedChild(const TracedChild&) = delete;
  TracedChild& operator=(const TracedChild&) = delete;

  enum class Stop { standing, exited };

  // Lets it execute one instruction.
  Stop step();

  // Whether it stands at the beginning of a function that copies, fills, sums up or parses many
  // bytes, and runs it to its end: thousands of instructions that are much alike.
  bool is_at_bulk_work() const;
  Stop finish_bulk_work();

  // Lets it run until it is about to block in read(fd, ...).
  Stop run_to_read(int fd);

  // Whether the next instruction enters read(fd, ...).
  bool is_at_read(int fd) const;

  // SIGKILL, and waits until it is gone.
  void kill();

 private:
  Stop wait();
  pid_t pid_ = -1;
};

}  // namespace joust::test
