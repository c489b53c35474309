#include "runner/machine/processors.hpp"

#include <sched.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <sstream>
#include <thread>

#include "common/parse_number.hpp"
#include "common/whole_file.hpp"
#include "runner/machine/control_groups.hpp"

namespace joust::machine {
namespace {

namespace fs = std::filesystem;

// Two numbers of microseconds, "max" or a negative quota for none.
std::optional<double> ratio(const std::string& quota, const std::string& period) {
  const auto granted = parse_number<std::int64_t>(quota);
  const auto each = parse_number<std::int64_t>(period);
  if (!granted || !each || *granted <= 0 || *each <= 0) return std::nullopt;
  return static_cast<double>(*granted) / static_cast<double>(*each);
}

std::string first_word(const fs::path& file) {
  std::istringstream text(read_whole_file(file).value_or(""));
  std::string word;
  text >> word;
  return word;
}

std::optional<double> quota_of_version2(const fs::path& group) {
  std::istringstream text(read_whole_file(group / "cpu.max").value_or(""));
  std::string quota;
  std::string period;
  text >> quota >> period;
  return ratio(quota, period);
}

std::optional<double> quota_of_version1(const fs::path& group) {
  return ratio(first_word(group / "cpu.cfs_quota_us"), first_word(group / "cpu.cfs_period_us"));
}

void take_least(std::optional<double>& least, std::optional<double> other) {
  if (other && (!least || *other < *least)) least = other;
}

}  // namespace

std::vector<std::uint32_t> allowed_processors() {
  std::array<cpu_set_t, 8> set{};  // Linux has 8192 processors at most
  std::vector<std::uint32_t> allowed;
  if (::sched_getaffinity(0, sizeof(set), set.data()) != 0) return allowed;
  for (std::uint32_t number = 0; number < sizeof(set) * 8; ++number) {
    if (CPU_ISSET_S(number, sizeof(set), set.data())) allowed.push_back(number);
  }
  return allowed;
}

std::uint32_t Processors::usable() const {
  const double granted = std::ceil(quota.value_or(allowed));
  const auto least = std::min(allowed, static_cast<std::uint32_t>(std::min(granted, 1e6)));
  return std::max(1U, job > 0 ? std::min(least, job) : least);
}

Processors look_at_processors(const fs::path& root, const SlurmJob& job) {
  Processors processors;
  processors.job = job.processors;
  processors.allowed = static_cast<std::uint32_t>(allowed_processors().size());
  if (processors.allowed == 0)
    processors.allowed = std::max(1U, std::thread::hardware_concurrency());
  for (const fs::path& group : own_groups("", root)) {
    take_least(processors.quota, quota_of_version2(group));
  }
  for (const fs::path& group : own_groups("cpu", root)) {
    take_least(processors.quota, quota_of_version1(group));
  }
  return processors;
}

}  // namespace joust::machine
