#include "tests/support/process_joust.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <pty.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "common/environment.hpp"
#include "tests/support/process_probe.hpp"

extern char** environ;  // NOLINT(readability-redundant-declaration)

namespace joust::test {
namespace {

constexpr const char* kMark = "JOUST_TEST_MARK";
constexpr milliseconds kLookAgain(2);

// What the child needs, made before the fork: after it, only system calls.
struct Start {
  std::vector<std::string> arguments;
  std::vector<std::string> environment;
  std::vector<char*> argument_pointers;
  std::vector<char*> environment_pointers;
  std::string folder;
  std::optional<std::uint64_t> most_file_bytes;
  int out = -1;
  int err = -1;
  bool traced = false;
  int failure = -1;  // closes when joust has begun; a byte comes when it could not
};

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

[[noreturn]] void become(const Start& start) {
  ::setpgid(0, 0);
  for (const int each : {SIGINT, SIGTERM, SIGSEGV, SIGABRT, SIGFPE, SIGILL}) {
    ::signal(each, SIG_DFL);  // doctest has handlers of its own
  }
  const int null = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ::dup2(null, STDIN_FILENO);
  ::dup2(start.out, STDOUT_FILENO);
  ::dup2(start.err, STDERR_FILENO);
  if (start.most_file_bytes) {
    const rlimit limit{*start.most_file_bytes, *start.most_file_bytes};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    ::signal(SIGXFSZ, SIG_IGN);
  }
  if (start.traced) ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
  if (::chdir(start.folder.c_str()) == 0) {
    ::execve(start.argument_pointers[0], start.argument_pointers.data(),
             start.environment_pointers.data());
  }
  static_cast<void>(::write(start.failure, "x", 1));
  ::_exit(126);
}

int create(const std::filesystem::path& file) {
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0) throw std::runtime_error("cannot create " + file.string());
  return fd;
}

}  // namespace

std::chrono::nanoseconds patience(std::chrono::nanoseconds usual) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return 5 * usual;
#else
  return usual;
#endif
}

bool eventually(std::chrono::nanoseconds limit, const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + patience(limit);
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= end) return false;
    const timespec pause{0, std::chrono::nanoseconds(kLookAgain).count()};
    ::nanosleep(&pause, nullptr);
  }
  return true;
}

JoustProcess::JoustProcess(const Arguments& arguments, const JoustOptions& options)
    : mark_(folder_.path().filename().string()) {
  Start start;
  start.arguments = arguments;
  start.arguments.insert(start.arguments.begin(), options.program.empty()
                                                      ? JOUST_BIN_DIR "/joust"
                                                      : options.program.string());
  for (char** entry = environ; *entry != nullptr; ++entry) start.environment.emplace_back(*entry);
  start.environment.push_back(fmt::format("{}={}", kMark, mark_));
  for (const auto& [name, value] : options.environment) {
    set_variable(start.environment, name, value);
  }
  start.argument_pointers = pointers_to(start.arguments);
  start.environment_pointers = pointers_to(start.environment);
  start.folder = options.folder.empty() ? folder_.path().string() : options.folder.string();
  start.most_file_bytes = options.most_file_bytes;
  start.traced = options.traced;
  start.out = create(folder_.path() / "out");
  if (options.errors_to_terminal) {
    winsize size{};
    size.ws_row = 24;
    size.ws_col = options.columns;
    if (::openpty(&terminal_, &start.err, nullptr, nullptr, &size) != 0) {
      throw std::runtime_error("no pseudo-terminal can be had");
    }
    ::fcntl(terminal_, F_SETFD, FD_CLOEXEC);
    ::fcntl(terminal_, F_SETFL, O_NONBLOCK);
  } else {
    start.err = create(folder_.path() / "err");
  }
  std::array<int, 2> failure{};
  if (::pipe2(failure.data(), O_CLOEXEC) != 0) throw std::runtime_error("cannot make a pipe");
  start.failure = failure[1];
  pid_ = ::fork();
  if (pid_ == 0) become(start);
  ::close(start.out);
  ::close(start.err);
  ::close(start.failure);
  char word = 0;
  const bool failed = pid_ < 0 || ::read(failure[0], &word, 1) != 0;
  ::close(failure[0]);
  if (failed) throw std::runtime_error("cannot start " + start.arguments[0]);
}

JoustProcess::~JoustProcess() {
  if (!ending_) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  // what a failed test left; the marks are looked at again until none is there
  eventually(seconds(5), [this] {
    const std::vector<int> left = descendants();
    for (const int pid : left) ::kill(pid, SIGKILL);
    return left.empty();
  });
  if (terminal_ >= 0) ::close(terminal_);
}

void JoustProcess::signal(int number) const { ::kill(pid_, number); }

bool JoustProcess::runs() {
  if (terminal_ >= 0) read_terminal();
  if (ending_) return false;
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) != pid_) return true;
  ending_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  return false;
}

int JoustProcess::wait(std::chrono::nanoseconds limit) {
  if (!eventually(limit, [this] { return !runs(); })) {
    throw std::runtime_error(
        fmt::format("joust did not end in time; it printed:\n{}\n{}", out(), err()));
  }
  if (terminal_ >= 0) read_terminal();
  return *ending_;
}

void JoustProcess::read_terminal() {
  std::array<char, 4096> buffer{};
  for (ssize_t got = 0; (got = ::read(terminal_, buffer.data(), buffer.size())) > 0;) {
    from_terminal_.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

std::string JoustProcess::out() const { return read_text(folder_.path() / "out"); }

std::string JoustProcess::err() {
  if (terminal_ < 0) return read_text(folder_.path() / "err");
  read_terminal();
  return from_terminal_;
}

std::vector<int> JoustProcess::descendants() const {
  std::vector<int> found = processes_with(kMark, mark_);
  std::erase(found, pid_);
  return found;
}

std::vector<int> JoustProcess::workers() const { return workers_of(pid_); }

Finished joust(const JoustProcess::Arguments& arguments, const JoustOptions& options,
               std::chrono::nanoseconds limit) {
  JoustProcess process(arguments, options);
  const int code = process.wait(limit);
  return {code, process.out(), process.err()};
}

}  // namespace joust::test
