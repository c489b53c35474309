#include "runner/os/plugin_examiner.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <system_error>
#include <utility>

#include "common/ending_signals.hpp"
#include "common/plugin_report.hpp"
#include "common/run_marker.hpp"
#include "common/text.hpp"
#include "runner/os/clock.hpp"
#include "runner/os/find_worker.hpp"
#include "runner/os/program_output.hpp"
#include "runner/os/worker_process.hpp"
#include "runner/report/printable.hpp"

namespace joust::os {
namespace {

constexpr std::size_t kOutputKept = 4096;      // bytes, of its end
constexpr std::size_t kMostReport = 64 << 20;  // bytes; what writes more is no description
constexpr std::size_t kLongestWords = 500;     // columns
constexpr Duration kReaping = std::chrono::seconds(1);

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

UniqueFd memory_with(const std::string& content) {
  UniqueFd memory(::memfd_create("joust-brief", MFD_CLOEXEC));
  if (!memory) fail("cannot create a file in memory");
  for (std::size_t done = 0; done < content.size();) {
    const ssize_t count = ::write(memory.get(), content.data() + done, content.size() - done);
    if (count < 0) fail("cannot write to a file in memory");
    done += static_cast<std::size_t>(count);
  }
  ::lseek(memory.get(), 0, SEEK_SET);
  return memory;
}

// The last lines of what it printed.
std::string words_at_end(const std::string& output) {
  constexpr int kMostLines = 3;
  std::string words;
  std::size_t end = output.size();
  for (int lines = 0; lines < kMostLines && end > 0;) {
    const std::size_t begin = output.rfind('\n', end - 1) + 1;  // 0 where there is none before
    const std::string line = report::printable(output.substr(begin, end - begin));
    end = begin > 0 ? begin - 1 : 0;
    if (line.empty()) continue;
    if (!words.empty()) words.insert(0, " / ");
    words.insert(0, line);
    ++lines;
  }
  return report::clip(words, kLongestWords);
}

// One process, from its start to its end.
class Examination {
 public:
  Examination(const std::vector<std::string>& arguments, const std::string& input,
              const PluginExaminer::Allowance& allowance)
      : deadline_(allowance.deadline),
        spawner_(find_plugin_worker(),
                 fmt::format("plugin-{}-{}", ::getpid(), now().time_since_epoch().count()),
                 allowance.env_allow),
        until_(now() + deadline_) {
    const UniqueFd memory = memory_with(input);
    OutputPipe output = make_output_pipe();
    OutputPipe report = make_output_pipe();
    child_ =
        spawner_.start_examination(arguments, memory.get(), output.write.get(), report.write.get());
    output_fd_ = std::move(output.read);
    report_fd_ = std::move(report.read);
  }
  ~Examination() { end(); }
  Examination(const Examination&) = delete;
  Examination& operator=(const Examination&) = delete;

  // The text of its last note, which must be a `wanted` one. Throws PluginError when it is another,
  // or none comes.
  std::string wait_for(PluginNote wanted) {
    while (!take_notes() && !has_ended_ && now() < until_) look();
    if (!last_) throw PluginError(how_it_failed());
    if (last_->kind == wanted) return last_->text;
    throw PluginError(report::printable(last_->text));
  }

 private:
  struct Note {
    PluginNote kind;
    std::string text;
  };

  // Waits for something to happen, and reads it.
  void look() {
    const sigset_t signals = ending_signals();
    const UniqueFd asked(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
    std::array<pollfd, 4> watched = {{{child_.pidfd.get(), POLLIN, 0},
                                      {output_fd_.get(), POLLIN, 0},
                                      {report_fd_.get(), POLLIN, 0},
                                      {asked.get(), POLLIN, 0}}};
    ::poll(watched.data(), watched.size(), milliseconds_until(until_));
    if (watched[3].revents != 0) obey(signals);
    has_ended_ = watched[0].revents != 0;  // before the reading below: nothing comes after it
    if (output_fd_ && !drain(output_fd_.get(), output_, kMostReport)) output_fd_.reset();
    if (report_fd_ && !drain(report_fd_.get(), report_, kMostReport)) report_fd_.reset();
    if (output_.size() > kOutputKept) output_.erase(0, output_.size() - kOutputKept);
  }

  // A signal that waits, blocked, ends joust as soon as it is not.
  void obey(const sigset_t& signals) {
    end();
    ::pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  }

  // Whether the last note has come.
  bool take_notes() {
    for (std::size_t end = 0; !last_ && (end = report_.find('\0')) != std::string::npos;) {
      const auto kind = static_cast<PluginNote>(report_[0]);
      std::string text = end > 0 ? report_.substr(1, end - 1) : "";
      report_.erase(0, end + 1);
      if (kind == PluginNote::stage) {
        stage_ = std::move(text);
      } else {
        last_ = Note{kind, std::move(text)};
      }
    }
    return last_.has_value();
  }

  // It ended without a last note, or not at all.
  std::string how_it_failed() {
    const bool is_late = !has_ended_;
    end();
    std::string text;
    if (is_late || !ending_) {
      text = fmt::format("hung: it did not return within {} while {}", format_duration(deadline_),
                         stage_);
    } else {
      text = fmt::format("{} {} while {}", ending_->by_signal ? "crashed with" : "ended with",
                         core::describe(*ending_), stage_);
    }
    const std::string words = words_at_end(output_);
    return words.empty() ? text : text + "; its last words: " + words;
  }

  // Nothing of it lives on.
  void end() {
    if (std::exchange(is_over_, true)) return;
    kill_tree(child_);
    pollfd watched{child_.pidfd.get(), POLLIN, 0};
    const TimePoint until = now() + kReaping;
    while (!(ending_ = reap(child_)) && now() < until) {
      ::poll(&watched, 1, milliseconds_until(until));
    }
    kill_processes_of_run(spawner_.run_id());
  }

  Duration deadline_;
  Spawner spawner_;  // before any descriptor of the plugin's process
  TimePoint until_;
  ChildProcess child_;
  UniqueFd output_fd_;
  UniqueFd report_fd_;
  std::string output_;
  std::string report_;
  std::string stage_ = "it was started";
  std::optional<Note> last_;
  bool has_ended_ = false;
  bool is_over_ = false;
  std::optional<core::ProcessEnd> ending_;
};

std::string examine(const std::vector<std::string>& arguments, const std::string& input,
                    const PluginExaminer::Allowance& allowance, PluginNote wanted) {
  std::optional<Examination> examination;
  try {
    examination.emplace(arguments, input, allowance);
  } catch (const std::runtime_error& error) {
    throw PluginError(fmt::format("cannot be looked at: {}", error.what()));
  }
  return examination->wait_for(wanted);
}

std::string name_of(PluginExaminer::Kind kind) {
  constexpr std::array<const char*, 3> kNames = {"world", "agents", "either"};
  return kNames[static_cast<std::size_t>(kind)];
}

class ProcessExaminer : public PluginExaminer {
 public:
  std::string describe(const std::string& library, Kind kind,
                       const Allowance& allowance) const override {
    return examine({"--describe", name_of(kind), library}, "", allowance, PluginNote::description);
  }
  void check(const std::string& brief, const Allowance& allowance) const override {
    examine({"--check"}, brief, allowance, PluginNote::passed);
  }
};

}  // namespace

std::unique_ptr<PluginExaminer> make_plugin_examiner() {
  return std::make_unique<ProcessExaminer>();
}

}  // namespace joust::os
