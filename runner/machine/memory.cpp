#include "runner/machine/memory.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <sstream>
#include <string>

#include "common/number_after.hpp"
#include "common/parse_number.hpp"
#include "common/whole_file.hpp"
#include "runner/machine/control_groups.hpp"

namespace joust::machine {
namespace {

namespace fs = std::filesystem;

std::optional<std::uint64_t> number_in(const fs::path& file) {
  return first_number(read_whole_file(file).value_or(""));
}

struct GroupFiles {
  const char* used;
  std::vector<const char*> limits;
  std::string_view prefix;  // of names in memory.stat, when the groups below are counted in
};

std::optional<GroupMemory> read_group(const fs::path& group, const GroupFiles& files) {
  // version 1 says of a group without limit that it has nearly 2^63 bytes
  constexpr std::uint64_t kNoLimit = 1ULL << 60;
  std::uint64_t limit = kNoLimit;
  for (const char* each : files.limits) {
    limit = std::min(limit, number_in(group / each).value_or(kNoLimit));
  }
  const auto used = number_in(group / files.used);
  if (!used || limit >= kNoLimit) return std::nullopt;
  std::uint64_t cache = 0;  // pages of files: the kernel drops them when it needs room
  const std::string stat = read_whole_file(group / "memory.stat").value_or("");
  for (const char* name : {"inactive_file", "active_file"}) {
    cache += number_after(fmt::format("{}{}", files.prefix, name), stat).value_or(0);
  }
  return GroupMemory{limit, *used - std::min(*used, cache)};
}

void take_least(std::optional<GroupMemory>& least, const std::optional<GroupMemory>& other) {
  if (other && (!least || other->left() < least->left())) least = other;
}

// "full avg10=0.00 avg60=0.00 avg300=0.00 total=0"
std::uint64_t stalled_time(const fs::path& pressure) {
  std::istringstream lines(read_whole_file(pressure).value_or(""));
  for (std::string line; std::getline(lines, line);) {
    constexpr std::string_view kTotal = "total=";
    const std::size_t at = line.find(kTotal);
    if (!line.starts_with("full ") || at == std::string::npos) continue;
    return parse_number<std::uint64_t>(std::string_view(line).substr(at + kTotal.size()))
        .value_or(0);
  }
  return 0;
}

}  // namespace

std::uint64_t MemoryLook::all() const {
  std::uint64_t least = total;
  if (group) least = std::min(least, group->limit);
  if (job > 0) least = std::min(least, job);
  return least;
}

std::uint64_t MemoryLook::left() const {
  std::uint64_t least = available;
  if (group) least = std::min(least, group->left());
  if (job > 0) least = std::min(least, job);
  return least;
}

MemoryGauge::MemoryGauge(const fs::path& root, const SlurmJob& job)
    : proc_(root / "proc"),
      groups1_(own_groups("memory", root)),
      groups2_(own_groups("", root)),
      job_(job.memory) {
  oom_kills_ = aging_oom_kills_ = count_oom_kills();
}

MemoryLook MemoryGauge::look() const {
  MemoryLook look;
  const std::string memory = read_whole_file(proc_ / "meminfo").value_or("");
  const auto available = number_after("MemAvailable:", memory);
  if (available) {  // else it is an old kernel, or a strange one
    look.total = number_after("MemTotal:", memory).value_or(0) << 10;
    look.available = *available << 10;
  }
  for (const fs::path& group : groups2_) {
    take_least(look.group,
               read_group(group, {"memory.current", {"memory.max", "memory.high"}, ""}));
  }
  for (const fs::path& group : groups1_) {
    take_least(look.group,
               read_group(group, {"memory.usage_in_bytes", {"memory.limit_in_bytes"}, "total_"}));
  }
  if (!look.group || look.group->limit > job_) look.job = job_;
  const fs::path own = groups2_.empty() ? fs::path() : groups2_.front() / "memory.pressure";
  std::error_code ignored;
  const bool has_own = !own.empty() && fs::exists(own, ignored);
  look.stalled_us = stalled_time(has_own ? own : proc_ / "pressure/memory");
  return look;
}

std::uint64_t MemoryGauge::count_oom_kills() const {
  const auto count_in = [](const fs::path& file) {
    return number_after("oom_kill", read_whole_file(file).value_or(""));
  };
  for (const auto& [groups, file] :
       {std::pair(&groups2_, "memory.events"), std::pair(&groups1_, "memory.oom_control")}) {
    for (const fs::path& group : *groups) {
      if (const auto count = count_in(group / file)) return *count;
    }
  }
  return count_in(proc_ / "vmstat").value_or(0);
}

bool MemoryGauge::take_oom_kill() {
  if (count_oom_kills() <= oom_kills_) return false;
  ++oom_kills_;
  return true;
}

void MemoryGauge::forget_old_oom_kills(TimePoint now) {
  // the kernel may need seconds to take a large process apart, and only then is it asked about
  constexpr Duration kAge = std::chrono::seconds(20);
  if (now - aging_since_ < kAge) return;
  oom_kills_ = std::max(oom_kills_, aging_oom_kills_);
  aging_oom_kills_ = count_oom_kills();
  aging_since_ = now;
}

std::uint64_t default_reserve(std::uint64_t all) {
  return std::clamp<std::uint64_t>(all / 20, 64ULL << 20, 4ULL << 30);
}

MemoryRoom room_for_workers(const MemoryLook& look, const MemoryRules& rules, std::uint64_t taken) {
  MemoryRoom room;
  // much, and yet not so much that it overflows when somebody gives memory back
  room.room = std::numeric_limits<std::int64_t>::max() / 2;
  if (look.total > 0) {
    room.reserve = rules.reserve > 0 ? rules.reserve : default_reserve(look.all());
    room.room = static_cast<std::int64_t>(look.left()) - static_cast<std::int64_t>(room.reserve);
    room.most = look.all() - std::min(look.all(), room.reserve);
    room.critical = look.left() < room.reserve / 2;
    if (look.job > 0) {  // what is not the workers' is joust itself, which takes little
      room.room = std::min(room.room, static_cast<std::int64_t>(look.job) -
                                          static_cast<std::int64_t>(room.reserve + taken));
      room.critical = room.critical || taken + room.reserve / 2 > look.job;
    }
  }
  if (rules.budget > 0) {
    room.room = std::min(
        room.room, static_cast<std::int64_t>(rules.budget) - static_cast<std::int64_t>(taken));
    room.critical = room.critical || taken > rules.budget;
    room.most = look.total > 0 ? std::min(room.most, rules.budget) : rules.budget;
  }
  return room;
}

}  // namespace joust::machine
