#pragma once
// A test's child process: a fork that runs one function and talks through a pipe. For stories in
// which a process is killed, limited, or holds a lock. REQUIRES: the test has no other threads at
// that time.

#include <sys/types.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace joust::test {

class ForkedChild {
 public:
  // The child's end: `say` sends bytes to the parent. A child that returns exits with 0; an
  // exception is sent as its last words, then it exits with 1.
  using Say = std::function<void(std::string_view)>;
  explicit ForkedChild(const std::function<void(const Say&)>& body);
  ~ForkedChild();  // SIGKILL, if it still runs
  ForkedChild(const ForkedChild&) = delete;
  ForkedChild& operator=(const ForkedChild&) = delete;

  pid_t pid() const { return pid_; }

  // Waits until the child has said `size` bytes in all (true) or closed its end (false).
  bool wait_until_said(std::size_t size);
  // What it has said, as far as it was waited for.
  const std::string& said() const { return said_; }

  void send_signal(int signal) const;

  struct Ending {
    std::string said;
    std::optional<int> exit_code;
    int signal = 0;
  };
  // Reads to the end, then waits for the process to end.
  Ending wait();

 private:
  pid_t pid_ = -1;
  int pipe_ = -1;
  std::string said_;
};

}  // namespace joust::test
