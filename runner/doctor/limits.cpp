#include "runner/doctor/limits.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>

#include "common/number_after.hpp"
#include "common/parse_number.hpp"
#include "common/whole_file.hpp"
#include "runner/machine/control_groups.hpp"
#include "runner/report/human.hpp"

namespace joust::doctor {
namespace {

namespace fs = std::filesystem;

Limit read_limit(int resource) {
  rlimit limit{};
  if (::getrlimit(static_cast<__rlimit_resource>(resource), &limit) != 0) return {};
  static_assert(RLIM_INFINITY == kUnlimited);
  return {limit.rlim_cur, limit.rlim_max};
}

std::optional<std::uint64_t> number_in(const fs::path& file) {
  return first_number(read_whole_file(file).value_or(""));
}

// Processes and threads of this user.
std::uint64_t count_own(const fs::path& proc) {
  std::uint64_t count = 0;
  std::error_code error;
  for (fs::directory_iterator entry(proc, error), end; !error && entry != end;
       entry.increment(error)) {
    if (!parse_number<int>(entry->path().filename().string())) continue;
    const std::string status = read_whole_file(entry->path() / "status").value_or("");
    if (number_after("Uid:", status) != ::getuid()) continue;
    count += number_after("Threads:", status).value_or(1);
  }
  return count;
}

std::string unlimited_or(std::uint64_t limit) {
  return limit == kUnlimited ? "any number" : fmt::format("{}", limit);
}

}  // namespace

Limits read_limits() {
  return {.open_files = read_limit(RLIMIT_NOFILE),
          .processes = read_limit(RLIMIT_NPROC),
          .core = read_limit(RLIMIT_CORE),
          .file_size = read_limit(RLIMIT_FSIZE),
          .processor = read_limit(RLIMIT_CPU),
          .address_space = read_limit(RLIMIT_AS),
          .data = read_limit(RLIMIT_DATA)};
}

std::uint64_t open_files_needed(std::uint32_t workers) {
  // counted in runs of 1, 20 and 40 workers: 20 and 4 for each; 12 to spare for what is open at
  // times, such as logs and tables
  return 32 + std::uint64_t{4} * workers;
}

Finding check_open_files(const Limits& limits, std::uint32_t workers) {
  const std::uint64_t needed = open_files_needed(workers);
  const std::string found =
      fmt::format("{} files may be open, {} need {}", unlimited_or(limits.open_files.soft),
                  report::counted(workers, "worker"), needed);
  if (limits.open_files.soft >= needed) {
    return {"open files", Grade::ok, found, "all workers can be started"};
  }
  const std::string cure =
      limits.open_files.hard >= needed
          ? fmt::format("say 'ulimit -n {}' before joust, or take fewer workers", needed)
          : fmt::format("take fewer workers, or let root raise the hard limit of {}",
                        limits.open_files.hard);
  return {"open files", Grade::problem, found, "workers could not be started: " + cure};
}

ProcessCounts count_processes(const Limits& limits, const fs::path& root) {
  ProcessCounts counts;
  if (::geteuid() != 0) counts.limit = limits.processes.soft;
  counts.taken = count_own(root / "proc");
  for (const char* controller : {"", "pids"}) {
    for (const fs::path& group : machine::own_groups(controller, root)) {
      const auto most = number_in(group / "pids.max");
      if (!most) continue;
      const std::uint64_t used = number_in(group / "pids.current").value_or(0);
      counts.room = std::min(counts.room.value_or(kUnlimited), *most - std::min(*most, used));
    }
  }
  return counts;
}

Finding check_processes(const ProcessCounts& counts, std::uint32_t workers) {
  // a worker, and a program or an agent that it starts; joust with its threads, guard and helper
  const std::uint64_t needed = 8 + std::uint64_t{2} * workers;
  std::uint64_t room = kUnlimited;
  if (counts.limit != kUnlimited) room = counts.limit - std::min(counts.limit, counts.taken);
  room = std::min(room, counts.room.value_or(kUnlimited));
  const std::string found = fmt::format(
      "{} more processes or threads may be started (limit of this user: {}; control groups: {})",
      unlimited_or(room), counts.limit == kUnlimited ? "none" : fmt::format("{}", counts.limit),
      counts.room ? fmt::format("{} left", *counts.room) : "none");
  if (room >= needed) {
    return {"processes", Grade::ok, found,
            fmt::format("{} need {}, when each starts one program",
                        report::counted(workers, "worker"), needed)};
  }
  if (room >= workers + std::uint64_t{8}) {
    return {"processes", Grade::warning, found,
            "enough for the workers, but not for the programs that worlds start: take fewer "
            "workers, or raise the limit (ulimit -u, or pids.max of the control group)"};
  }
  return {"processes", Grade::problem, found,
          fmt::format("{} could not be started: take fewer, or raise the limit (ulimit -u, or "
                      "pids.max of the control group)",
                      report::counted(workers, "worker"))};
}

Findings check_other_limits(const Limits& limits) {
  Findings findings;
  if (limits.file_size.soft != kUnlimited) {
    findings.push_back(
        {"file size", Grade::warning,
         fmt::format("no file may have more than {}", report::human_bytes(limits.file_size.soft)),
         "a journal that reaches it ends the run (exit code 5): say 'ulimit -f unlimited' before "
         "joust"});
  }
  if (limits.processor.soft != kUnlimited) {
    findings.push_back(
        {"processor time", Grade::warning,
         fmt::format("a process may compute {} s, then it is killed", limits.processor.soft),
         "workers that reach it die, and joust itself as well (the run can be resumed): a login "
         "node, perhaps? Say 'ulimit -t unlimited', or run as a job"});
  }
  const std::uint64_t memory = std::min(limits.address_space.soft, limits.data.soft);
  if (memory != kUnlimited) {
    findings.push_back({"address space", Grade::warning,
                        fmt::format("a process may map {}", report::human_bytes(memory)),
                        "worlds that want more fail: 'ulimit -v unlimited' and 'ulimit -d "
                        "unlimited' lift it; joust has memory_limit in [workers]"});
  }
  findings.push_back(
      {"core dumps", Grade::ok,
       limits.core.soft == 0 ? "none are written" : "they are written where the system puts them",
       "joust does not need them: a worker that crashes leaves its stack in attempts/"});
  return findings;
}

}  // namespace joust::doctor
