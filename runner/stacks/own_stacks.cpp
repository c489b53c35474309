#include "runner/stacks/own_stacks.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "common/unique_fd.hpp"
#include "common/whole_file.hpp"
#include "runner/report/printable.hpp"
#include "runner/stacks/output.hpp"

namespace joust::stacks {
namespace {

constexpr std::string_view kMemfd = "/memfd:joust-stacks (deleted)";
constexpr std::chrono::milliseconds kPatience{500};
constexpr int kQuietMillis = 10;  // without anything new: that was all
constexpr off_t kMostBytes = 256 << 10;

// Else the signal would end it.
bool handles_the_signal(int pid) {
  const std::string status = read_whole_file(fmt::format("/proc/{}/status", pid)).value_or("");
  constexpr std::string_view kCaught = "SigCgt:\t";
  const std::size_t at = status.find(kCaught);
  if (at == std::string::npos) return false;
  const std::uint64_t caught = std::strtoull(status.c_str() + at + kCaught.size(), nullptr, 16);
  return ((caught >> (SIGUSR2 - 1)) & 1) != 0;
}

UniqueFd open_offer(int pid) {
  namespace fs = std::filesystem;
  std::error_code error;
  fs::directory_iterator entry(fmt::format("/proc/{}/fd", pid), error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    std::error_code gone;
    if (fs::read_symlink(entry->path(), gone) != kMemfd) continue;
    return UniqueFd(::open(entry->path().c_str(), O_RDONLY | O_CLOEXEC));
  }
  return {};
}

off_t size_of(const UniqueFd& file) {
  struct stat status {};
  return ::fstat(file.get(), &status) == 0 ? status.st_size : 0;
}

// Waits until the file is larger than that and grows no more.
off_t wait_for_answer(const UniqueFd& file, off_t before) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  off_t seen = before;
  while (std::chrono::steady_clock::now() < deadline) {
    ::poll(nullptr, 0, kQuietMillis);
    const off_t now = size_of(file);
    if (now > before && now == seen) break;
    seen = now;
  }
  return seen;
}

std::string read_part(const UniqueFd& file, off_t begin, off_t end) {
  std::string text(static_cast<std::size_t>(std::min(end - begin, kMostBytes)), '\0');
  const ssize_t got = ::pread(file.get(), text.data(), text.size(), begin);
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  return text;
}

void print_indented(std::string_view text) {
  std::string out = "  its own stacks:\n";
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out += "    " + report::printable(text.substr(0, end)) + "\n";
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  print(out);
}

}  // namespace

void print_own_stacks(int pid) {
  const UniqueFd offer = open_offer(pid);
  if (!offer || !handles_the_signal(pid)) return;
  const off_t before = size_of(offer);
  if (::kill(pid, SIGUSR2) != 0) return;
  const off_t after = wait_for_answer(offer, before);
  if (after > before) print_indented(read_part(offer, before, after));
}

}  // namespace joust::stacks
