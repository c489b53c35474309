#include "runner/report/failure_evidence.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "runner/report/printable.hpp"

namespace joust::report {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kEvidenceBytes = 384 << 10;  // of logs and stacks in one page
constexpr std::size_t kStackLines = 200;
constexpr std::size_t kStackBytes = 32 << 10;
constexpr std::size_t kLastWords = 12;
constexpr std::size_t kLongestDetail = 400;
constexpr std::size_t kAttemptsShown = 8;  // of one world: the last ones
constexpr std::size_t kGroupsKept = 2000;  // while reading
constexpr std::size_t kGroupsShown = 60;

// A pipe or a device could block whoever reads it.
bool is_readable(const fs::path& file) {
  std::error_code ignored;
  return !file.empty() && fs::is_regular_file(file, ignored);
}

std::size_t bytes_of(const std::vector<std::string>& lines) {
  std::size_t bytes = 0;
  for (const std::string& line : lines) bytes += line.size() + 1;
  return bytes;
}

std::vector<TaskRange> ranges_of(const std::set<TaskIndex>& tasks) {
  std::vector<TaskRange> ranges;
  for (const TaskIndex task : tasks) {
    if (!ranges.empty() && ranges.back().last + 1 == task) {
      ranges.back().last = task;
    } else {
      ranges.push_back({task, task});
    }
  }
  return ranges;
}

// "  #0  0x00007f12 f(int)+0x1f at a.cpp:12" -> "  #0  f(int)+0x1f at a.cpp:12 [0x00007f12]": what
// people look for stands first, where a phone shows it.
std::string function_first(std::string line) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  const std::size_t mark = line.find_first_not_of(' ');
  if (mark == std::string::npos || line[mark] != '#') return line;
  const std::size_t begin = line.find(" 0x", mark);
  if (begin == std::string::npos) return line;
  const bool is_number = line.find_first_not_of("0123456789 ", mark + 1) == begin + 2;
  const std::size_t end = line.find_first_not_of(kDigits, begin + 3);
  if (!is_number || end == std::string::npos || line[end] != ' ') return line;
  const std::string address = line.substr(begin + 1, end - begin - 1);
  return line.erase(begin + 1, end - begin).append(" [").append(address).append("]");
}

// What is left when there are too many: all others, by cause.
void fold_rest(std::vector<FailureGroup>& groups) {
  std::map<Cause, FailureGroup> rest;
  for (std::size_t i = kGroupsShown; i < groups.size(); ++i) {
    const auto [entry, is_new] = rest.try_emplace(groups[i].cause, groups[i]);
    FailureGroup& group = entry->second;
    group.detail.clear();
    if (is_new) continue;
    group.attempts += groups[i].attempts;
    group.kinds += groups[i].kinds;
    group.first = std::min(group.first, groups[i].first);
  }
  if (groups.size() > kGroupsShown) groups.resize(kGroupsShown);
  for (auto& [cause, group] : rest) groups.push_back(std::move(group));
}

}  // namespace

EvidenceCollector::EvidenceCollector(const Report& report, const Tournament& tournament,
                                     const std::vector<journal::QuarantineRow>& quarantined)
    : report_(report), tournament_(tournament), bytes_left_(kEvidenceBytes) {
  for (const TroubledWorld& world : report.worst) evidence_[world.task];
  for (const journal::QuarantineRow& row : quarantined) given_up_.insert(row.task);
}

void EvidenceCollector::add(const journal::FailedAttempt& row) {
  tasks_.insert(row.task);
  if (row.charged) charged_.insert(row.task);
  std::pair<Cause, std::string> key(row.cause, clip(printable(row.detail), kLongestDetail));
  const bool is_full = groups_.size() >= kGroupsKept && groups_.find(key) == groups_.end();
  if (is_full) key.second.clear();
  FailureGroup& group = groups_[key];
  group.first = group.attempts == 0 ? row.task : std::min(group.first, row.task);
  group.cause = row.cause;
  group.detail = key.second;
  group.kinds += is_full && group.attempts > 0 ? 1 : 0;
  ++group.attempts;

  const auto found = evidence_.find(row.task);
  if (found != evidence_.end()) found->second.push_back(evidence_of(row));
}

AttemptEvidence EvidenceCollector::evidence_of(const journal::FailedAttempt& row) {
  AttemptEvidence evidence;
  evidence.attempt = row.attempt;
  evidence.cause = row.cause;
  evidence.detail = clip(printable(row.detail), kLongestDetail);
  evidence.slot = row.slot;
  evidence.epoch = row.epoch;
  evidence.at = row.at;
  evidence.seconds = std::chrono::duration<double>(row.played).count();
  evidence.charged = row.charged;
  evidence.log = row.log;
  evidence.stack = row.stack;
  const auto& competitors = tournament_.setup.competitors;
  if (row.culprit && *row.culprit < competitors.size()) {
    evidence.culprit = printable(competitors[*row.culprit].name);
  }
  if (const fs::path log = inside(report_.dir, row.log); is_readable(log)) {
    std::vector<std::string> words = last_words(log, kLastWords);
    if (bytes_of(words) <= bytes_left_) {
      bytes_left_ -= bytes_of(words);
      evidence.last_words = std::move(words);
    }
  }
  read_stack(evidence);
  return evidence;
}

void EvidenceCollector::read_stack(AttemptEvidence& evidence) {
  const fs::path file = inside(report_.dir, evidence.stack);
  if (!is_readable(file)) return;
  std::ifstream in(file, std::ios::binary);
  std::string text(std::min(kStackBytes, bytes_left_), '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  evidence.stack_cut = in.peek() != std::char_traits<char>::eof();
  bytes_left_ -= text.size();
  for (std::size_t at = 0; at < text.size();) {
    if (evidence.stack_lines.size() == kStackLines) {
      evidence.stack_cut = true;
      break;
    }
    const std::size_t end = std::min(text.find('\n', at), text.size());
    evidence.stack_lines.push_back(
        function_first(printable(std::string_view(text).substr(at, end - at))));
    at = end + 1;
  }
}

void EvidenceCollector::finish(RunDetail& detail) {
  for (auto& [task, attempts] : evidence_) {
    std::sort(attempts.begin(), attempts.end(),
              [](const auto& a, const auto& b) { return a.attempt < b.attempt; });
    if (attempts.size() <= kAttemptsShown) continue;
    attempts.erase(attempts.begin(), attempts.end() - static_cast<std::ptrdiff_t>(kAttemptsShown));
  }
  detail.evidence = std::move(evidence_);
  for (auto& [key, group] : groups_) detail.groups.push_back(std::move(group));
  std::stable_sort(detail.groups.begin(), detail.groups.end(),
                   [](const auto& a, const auto& b) { return a.attempts > b.attempts; });
  fold_rest(detail.groups);
  detail.failed_tasks = ranges_of(tasks_);
  detail.quarantined_tasks = ranges_of(given_up_);
  detail.troubled = charged_.size();
  for (const TaskIndex task : given_up_) detail.troubled += charged_.count(task) == 0 ? 1U : 0U;
}

}  // namespace joust::report
