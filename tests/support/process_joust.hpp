#pragma once
// Runs the real joust program for a test: in a process group of its own, with what it prints in
// files, and with a mark in its environment that every descendant inherits, so that a test that
// fails leaves no process behind.

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/support/scratch_folder.hpp"

namespace joust::test {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Sanitizers make everything slower: how long a test waits, not what it demands, grows with that.
std::chrono::nanoseconds patience(std::chrono::nanoseconds usual);

// Looks again and again until the condition holds. False: it did not within patience(limit).
bool eventually(std::chrono::nanoseconds limit, const std::function<bool()>& condition);

struct JoustOptions {
  std::filesystem::path folder;                    // to run in; empty: the test's own
  std::map<std::string, std::string> environment;  // added, or instead
  std::optional<std::uint64_t> most_file_bytes;    // RLIMIT_FSIZE
  std::filesystem::path program;                   // empty: the one that was built with this test
  bool traced = false;              // stops before its first instruction: see trace_calls()
  bool errors_to_terminal = false;  // standard error is a pseudo-terminal
  unsigned short columns = 80;      // of that terminal
};

class JoustProcess {
 public:
  using Arguments = std::vector<std::string>;

  // Starts joust. Throws when that fails.
  explicit JoustProcess(const Arguments& arguments, const JoustOptions& options = {});
  ~JoustProcess();  // kills whatever is left of it
  JoustProcess(const JoustProcess&) = delete;
  JoustProcess& operator=(const JoustProcess&) = delete;

  int pid() const { return pid_; }
  void signal(int number) const;

  // Whether it has not ended yet.
  bool runs();
  // Waits for its end: the exit code, or minus the signal that killed it. Throws with what it
  // printed when it does not end within patience(limit).
  int wait(std::chrono::nanoseconds limit = seconds(60));

  // Somebody else has waited for it: how it ended, as wait() tells it.
  void note_ending(int ending) { ending_ = ending; }

  // What it has printed so far; a terminal's output is in err().
  std::string out() const;
  std::string err();

  // Its live descendants, wherever they went, and its live workers.
  std::vector<int> descendants() const;
  std::vector<int> workers() const;

 private:
  void read_terminal();
  ScratchFolder folder_;
  std::string mark_;
  int terminal_ = -1;
  std::string from_terminal_;
  int pid_ = -1;
  std::optional<int> ending_;
};

struct Finished {
  int code = 0;
  std::string out;
  std::string err;
};

inline bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// Runs joust to its end.
Finished joust(const JoustProcess::Arguments& arguments, const JoustOptions& options = {},
               std::chrono::nanoseconds limit = seconds(60));

}  // namespace joust::test
