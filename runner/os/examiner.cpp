#include "runner/os/examiner.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>

#include "runner/os/attempt_file.hpp"
#include "runner/os/clock.hpp"

namespace joust::os {
namespace {

constexpr std::size_t kMostAtWork = 16;
// Longer than they take by their own limit.
constexpr Duration kPatience = std::chrono::milliseconds(3200);

}  // namespace

Examiner::Job* Examiner::start(std::vector<std::string> arguments, int out) {
  if (program_.empty() || out < 0) return nullptr;
  try {
    auto job = std::make_unique<Job>();
    job->child = spawner_.start_helper(program_, std::move(arguments), out);
    job->begun = now();
    Job* started = job.get();
    job->watch = std::make_unique<DescriptorWatch>(io_, job->child.pidfd.get(), [started] {
      started->ended = true;
      return DescriptorWatch::Next::pause;
    });
    jobs_.push_back(std::move(job));
    return started;
  } catch (const std::runtime_error&) {  // no process can be had: then there is no post-mortem
    return nullptr;
  }
}

bool Examiner::take_stacks(core::WorkerId worker, int pid, const std::filesystem::path& file) {
  if (program_.empty()) return false;
  UniqueFd out = open_attempt_file(file);
  Job* job = start({std::to_string(pid)}, out.get());
  if (job == nullptr) {
    ::unlink(file.c_str());
    return false;
  }
  job->held = {pid};
  job->worker = worker;
  job->out = std::move(out);
  job->is_examination = true;
  return true;
}

void Examiner::name_functions(const std::filesystem::path& file) {
  if (program_.empty() || jobs_.size() >= kMostAtWork) return;
  std::filesystem::path made = file;
  made += ".tmp";
  const UniqueFd out = open_attempt_file(made);
  if (Job* job = start({"--symbolise", file.string()}, out.get())) {
    job->made = std::move(made);
    job->wanted = file;
  } else {
    ::unlink(made.c_str());
  }
}

std::string_view Examiner::print_stacks(const std::vector<int>& pids) {
  if (program_.empty()) return "joust-stacks was not found";
  const auto prints = [](const auto& job) { return job->prints(); };
  if (std::any_of(jobs_.begin(), jobs_.end(), prints)) {
    return "those of an earlier SIGUSR1 are still being taken";
  }
  if (pids.empty()) return "no worker is there to be looked into";
  std::vector<std::string> arguments;
  arguments.reserve(pids.size());
  for (const int pid : pids) arguments.push_back(std::to_string(pid));
  Job* job = start(std::move(arguments), STDERR_FILENO);
  if (job == nullptr) return "joust-stacks could not be started";
  job->held = pids;
  return "";
}

bool Examiner::holds(int pid) const {
  return std::any_of(jobs_.begin(), jobs_.end(), [pid](const auto& job) {
    return std::find(job->held.begin(), job->held.end(), pid) != job->held.end();
  });
}

void Examiner::let_go(int pid) {
  for (const auto& job : jobs_) {
    if (std::find(job->held.begin(), job->held.end(), pid) != job->held.end()) end(*job);
  }
}

void Examiner::end(Job& job) {
  if (job.ended) return;
  signal_process(job.child, SIGKILL);
  job.cut_off = true;
}

// Says what is missing of stacks that are not whole, and puts names in their place.
void Examiner::complete(Job& job, const core::ProcessEnd& end) {
  if (!job.held.empty()) {
    if (!end.by_signal) return;  // it has said itself what it could not do
    const std::string how =
        job.cut_off ? fmt::format("was cut off after {:.1f} s",
                                  std::chrono::duration<double>(now() - job.begun).count())
                    : fmt::format("failed: joust-stacks was ended by signal {}", end.number);
    write_whole(job.prints() ? STDERR_FILENO : job.out.get(),
                fmt::format("[joust: the taking of the stacks {}; the rest is missing]\n", how));
    return;
  }
  std::error_code ignored;
  const bool succeeded = !end.by_signal && end.number == 0 &&
                         std::filesystem::file_size(job.made, ignored) > 0 && !ignored;
  if (succeeded) ::rename(job.made.c_str(), job.wanted.c_str());
  if (!succeeded) ::unlink(job.made.c_str());
}

bool Examiner::finish(Job& job) {
  const auto end = reap(job.child);
  if (end) complete(job, *end);
  return end.has_value();
}

std::vector<core::WorkerId> Examiner::examined() {
  std::vector<core::WorkerId> workers;
  for (const auto& job : jobs_) {
    if (job->begun + kPatience <= now()) end(*job);
  }
  std::erase_if(jobs_, [&workers](const std::unique_ptr<Job>& job) {
    if (!job->ended || !finish(*job)) return false;
    if (job->is_examination) workers.push_back(job->worker);
    return true;
  });
  return workers;
}

std::vector<int> Examiner::processes() const {
  std::vector<int> pids;
  pids.reserve(jobs_.size());
  for (const auto& job : jobs_) pids.push_back(job->child.pid);
  return pids;
}

void Examiner::disband() {
  for (const auto& job : jobs_) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(job->begun + kPatience - now());
    pollfd end_of_it{job->child.pidfd.get(), POLLIN, 0};
    ::poll(&end_of_it, 1, static_cast<int>(std::max<std::int64_t>(0, left.count())));
    if (finish(*job)) continue;
    end(*job);
    while (!finish(*job)) ::poll(&end_of_it, 1, -1);
  }
  jobs_.clear();
}

}  // namespace joust::os
