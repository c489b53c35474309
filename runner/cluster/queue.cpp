#include "runner/cluster/queue.hpp"

#include <algorithm>
#include <sstream>

#include "common/parse_number.hpp"

namespace joust::cluster {
namespace {

std::vector<std::string> split(const std::string& line, char separator) {
  std::vector<std::string> fields;
  std::istringstream text(line);
  for (std::string field; std::getline(text, field, separator);) fields.push_back(field);
  return fields;
}

std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

}  // namespace

Queue parse_queue(std::string_view text, const std::string& array_job,
                  const std::string& merge_job) {
  Queue queue;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    std::vector<std::string> fields = split(line, '|');
    if (fields.size() < 3) continue;
    fields.resize(5);
    const QueuedJob job{fields[2], fields[3], fields[4]};
    if (!merge_job.empty() && fields[0] == merge_job) queue.merge = job;
    if (array_job.empty() || fields[0] != array_job) continue;
    if (const auto shard = parse_number<std::uint32_t>(fields[1])) queue.shards[*shard] = job;
  }
  return queue;
}

std::map<std::uint32_t, std::string> parse_accounting(std::string_view text,
                                                      const std::string& array_job) {
  std::map<std::uint32_t, std::string> states;
  std::istringstream lines{std::string(text)};
  const std::string prefix = array_job + "_";
  for (std::string line; std::getline(lines, line);) {
    const std::vector<std::string> fields = split(line, '|');
    if (fields.size() < 2 || !fields[0].starts_with(prefix)) continue;
    const auto shard =
        parse_number<std::uint32_t>(std::string_view(fields[0]).substr(prefix.size()));
    if (shard) states[*shard] = fields[1].substr(0, fields[1].find(' '));  // "CANCELLED by 0"
  }
  return states;
}

std::optional<std::uint32_t> highest_array_index(std::string_view config) {
  std::istringstream lines{std::string(config)};
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("MaxArraySize")) continue;
    const std::size_t equals = line.find('=');
    if (equals == std::string::npos) continue;
    const auto size =
        parse_number<std::uint32_t>(trimmed(std::string_view(line).substr(equals + 1)));
    if (size && *size > 0) return *size - 1;
  }
  return std::nullopt;
}

std::optional<JobId> parse_job_id(std::string_view text) {
  // a plugin of the site may have printed something before
  const std::string all = trimmed(text);
  const std::size_t line = all.rfind('\n');
  const std::string last = line == std::string::npos ? all : all.substr(line + 1);
  const std::size_t semicolon = last.find(';');
  JobId job{last.substr(0, semicolon),
            semicolon == std::string::npos ? "" : last.substr(semicolon + 1)};
  const bool is_number =
      !job.id.empty() && job.id.find_first_not_of("0123456789") == std::string::npos;
  return is_number ? std::optional(job) : std::nullopt;
}

}  // namespace joust::cluster
