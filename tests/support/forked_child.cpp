#include "tests/support/forked_child.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <stdexcept>

namespace joust::test {
namespace {

void write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

[[noreturn]] void run_child(int fd, const std::function<void(const ForkedChild::Say&)>& body) {
  // the handlers that doctest installs are not the child's
  for (const int signal : {SIGILL, SIGFPE, SIGSEGV, SIGABRT, SIGTERM, SIGINT}) {
    ::signal(signal, SIG_DFL);
  }
  int code = 0;
  try {
    body([fd](std::string_view text) { write_all(fd, text); });
  } catch (const std::exception& error) {
    write_all(fd, error.what());
    code = 1;
  }
  ::_exit(code);  // the parent's buffers and destructors are not ours
}

}  // namespace

ForkedChild::ForkedChild(const std::function<void(const Say&)>& body) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  ::fcntl(ends[1], F_SETPIPE_SZ, 4096);  // a child that says a lot is held back early
  std::fflush(nullptr);
  pid_ = ::fork();
  if (pid_ < 0) throw std::runtime_error("cannot fork");
  if (pid_ == 0) {
    ::close(ends[0]);
    run_child(ends[1], body);
  }
  ::close(ends[1]);
  pipe_ = ends[0];
}

ForkedChild::~ForkedChild() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  if (pipe_ >= 0) ::close(pipe_);
}

bool ForkedChild::wait_until_said(std::size_t size) {
  std::array<char, 4096> buffer{};
  while (said_.size() < size) {
    const ssize_t got = ::read(pipe_, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    said_.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return true;
}

void ForkedChild::send_signal(int signal) const { ::kill(pid_, signal); }

ForkedChild::Ending ForkedChild::wait() {
  while (wait_until_said(said_.size() + 1)) {
  }
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  Ending ending;
  ending.said = said_;
  if (WIFEXITED(status)) ending.exit_code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) ending.signal = WTERMSIG(status);
  return ending;
}

}  // namespace joust::test
