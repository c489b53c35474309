#include "worker/worlds/command/one_shot_world.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "worker/worlds/command/placeholders.hpp"
#include "worker/worlds/command/score_extraction.hpp"
#include "worker/worlds/program/child_process.hpp"
#include "worker/worlds/program/program_environment.hpp"

namespace joust::worlds::command {
namespace {

constexpr std::size_t kTail = 1 << 20;  // of the output, in which scores are looked for
constexpr std::size_t kChunk = 64 << 10;

std::vector<std::string> replaced(std::vector<std::string> texts, const Placeholders& values) {
  for (std::string& text : texts) text = replace_placeholders(text, values);
  return texts;
}

void copy_to_our_output(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, text.data(), text.size());
    if (written < 0 && errno != EINTR) return;  // nobody keeps our output
    text.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(written, 0)));
  }
}

// The end of a program's output; all of it goes on to our own.
class OutputTail {
 public:
  explicit OutputTail(int fd) : fd_(fd) {}

  // Takes what is there. False: nothing more will come.
  bool take() {
    const ssize_t got = ::read(fd_, chunk_.data(), chunk_.size());
    if (got < 0 && errno == EINTR) return true;
    if (got <= 0) return false;
    const std::string_view text(chunk_.data(), static_cast<std::size_t>(got));
    copy_to_our_output(text);
    tail_.append(text);
    if (tail_.size() > 2 * kTail) tail_.erase(0, tail_.size() - kTail);
    return true;
  }

  std::string_view text() const {
    const std::string_view all(tail_);
    return all.substr(all.size() - std::min(all.size(), kTail));
  }

 private:
  int fd_;
  std::string tail_;
  std::array<char, kChunk> chunk_{};
};

bool is_readable_now(int fd) {
  pollfd watched{fd, POLLIN, 0};
  return ::poll(&watched, 1, 0) > 0;
}

// Reads until the program has ended, also where something that it left behind holds its output.
program::ProcessEnd read_to_the_end(program::ChildProcess& process, OutputTail& output) {
  bool is_open = true;
  for (;;) {
    std::array<pollfd, 2> watched{
        {{process.pidfd(), POLLIN, 0}, {is_open ? process.read_fd() : -1, POLLIN, 0}}};
    if (::poll(watched.data(), watched.size(), -1) < 0) continue;
    if (watched[1].revents != 0) {
      is_open = output.take();
    } else if (watched[0].revents != 0) {
      while (is_open && is_readable_now(process.read_fd())) is_open = output.take();
      if (const auto end = process.wait(Duration::zero())) return *end;
    }
  }
}

}  // namespace

OneShotWorld::OneShotWorld(const WorldSetup& setup) : setup_(setup) {
  check_score_regex(setup.command);
  const std::vector<std::uint32_t> seats(setup.seats, 0);
  WorldTask any;
  any.seats = seats;
  const Placeholders values = placeholders_of(setup, any, 1);
  replaced(setup.command.command, values);
  replaced(setup.command.environment, values);
}

WorldResult OneShotWorld::play(const WorldTask& task, WorldContext& context) {
  const Placeholders values = placeholders_of(setup_, task, context.attempt());
  CommandSetup setup = setup_.command;
  setup.environment = replaced(std::move(setup.environment), values);
  program::ChildProcess process(setup, replaced(setup.command, values),
                                program::program_environment(setup), program::Pipes::output);
  OutputTail output(process.read_fd());
  const program::ProcessEnd end = read_to_the_end(process, output);
  if (end.by_signal || end.number != 0) {
    throw WorldFailure(end.by_signal ? Cause::crashed : Cause::exited,
                       "the program ended with " + describe(end));
  }
  return extract_scores(output.text(), setup_, task);
}

}  // namespace joust::worlds::command
