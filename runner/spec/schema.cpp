#include "runner/spec/schema.hpp"

#include <array>
#include <stdexcept>

namespace joust::spec {
namespace {

constexpr std::array kMetrics = {Metric::mean, Metric::median, Metric::truncated_mean,
                                 Metric::min,  Metric::max,    Metric::std,
                                 Metric::sum};

constexpr Duration kMillisecond = std::chrono::milliseconds(1);
constexpr Duration kHour = std::chrono::hours(1);
constexpr Duration kMonth = std::chrono::hours(24 * 30);
constexpr std::uint64_t kMostMemory = 1ULL << 50;
constexpr Duration kYear = std::chrono::hours(24 * 365);

KeyInfo text_key(std::string name, std::string summary) {
  KeyInfo key;
  key.value.name = std::move(name);
  key.value.kind = ParameterKind::text;
  key.value.default_value = std::string();
  key.value.summary = std::move(summary);
  key.required = true;
  key.decides_results = true;
  return key;
}

KeyInfo count_key(std::string name, std::uint64_t default_value, std::uint64_t low,
                  std::uint64_t high, std::string summary) {
  KeyInfo key;
  key.value.name = std::move(name);
  key.value.kind = ParameterKind::integer;
  key.value.default_value = static_cast<std::int64_t>(default_value);
  key.value.summary = std::move(summary);
  key.value.minimum = static_cast<double>(low);
  key.value.maximum = static_cast<double>(high);
  return key;
}

KeyInfo size_key(std::string name, std::uint64_t default_value, std::uint64_t low,
                 std::uint64_t high, std::string summary) {
  KeyInfo key = count_key(std::move(name), default_value, low, high, std::move(summary));
  key.value.kind = ParameterKind::size;
  return key;
}

KeyInfo duration_key(std::string name, Duration default_value, Duration low, Duration high,
                     std::string summary) {
  KeyInfo key;
  key.value.name = std::move(name);
  key.value.kind = ParameterKind::duration;
  key.value.default_value = std::int64_t{default_value.count()};
  key.value.summary = std::move(summary);
  key.value.minimum = static_cast<double>(low.count());
  key.value.maximum = static_cast<double>(high.count());
  return key;
}

KeyInfo deciding(KeyInfo key) {
  key.decides_results = true;
  return key;
}

std::uint32_t count_of(const Parameters& values, std::string_view name) {
  return static_cast<std::uint32_t>(values.get<std::int64_t>(name));
}

std::uint64_t size_of(const Parameters& values, std::string_view name) {
  return static_cast<std::uint64_t>(values.get<std::int64_t>(name));
}

Duration duration_of(const Parameters& values, std::string_view name) {
  return Duration(values.get<std::int64_t>(name));
}

}  // namespace

std::vector<KeyInfo> tournament_keys(const WorldType& world) {
  constexpr std::uint64_t kMostRepeats = 1'000'000;
  KeyInfo seed = count_key("seed", 0, 0, 0, "decides every random draw");
  seed.value.maximum = std::numeric_limits<double>::max();
  KeyInfo metric = text_key("metric", "how a competitor's scores become its place");
  metric.required = false;
  metric.value.default_value = std::string(metric_name(Metric::truncated_mean));
  for (const Metric each : kMetrics) metric.value.choices.emplace_back(metric_name(each));
  return {
      text_key("name", "what the run directory and the tables are called"),
      deciding(std::move(seed)),
      deciding(count_key("configs", 5, 1, kMostRepeats, "configurations, each met by every set")),
      deciding(count_key("runs", 1, 1, kMostRepeats, "repetitions of every seating")),
      deciding(count_key("competitors_per_world", world.default_seats, world.min_seats,
                         world.max_seats, "seats of a world")),
      std::move(metric),
      deciding(count_key("disqualify_after", 0, 0, kMostRepeats,
                         "worlds lost to a competitor that put it out; 0: never")),
      duration_key("deadline", Duration::max(), kMillisecond, kYear,
                   "of the whole run; then it stops, to be resumed"),
  };
}

KeyInfo kind_key() {
  KeyInfo key = text_key(
      "kind", "\"native\": part of joust; \"command\": a program; \"plugin\": a shared library");
  key.required = false;
  key.decides_results = false;  // the name does, the command, or the plugin's content
  key.value.default_value = std::string("native");
  key.value.choices = {"native", "command", "plugin"};
  return key;
}

KeyInfo plugin_key() {
  KeyInfo key = text_key("plugin", "the shared library, relative to the spec's folder");
  key.decides_results = false;  // its content does
  return key;
}

std::vector<KeyInfo> command_keys() {
  KeyInfo command = text_key("command", "the program and its arguments");
  command.value.kind = ParameterKind::text_list;
  command.value.default_value = std::vector<std::string>();
  KeyInfo folder = text_key("cwd", "where it is started, relative to the spec's folder");
  folder.required = false;
  folder.value.default_value = std::string(".");
  KeyInfo one_shot = text_key("one_shot", "started for each world, knows nothing of joust");
  one_shot.required = false;
  one_shot.value.kind = ParameterKind::boolean;
  one_shot.value.default_value = false;
  KeyInfo scores = text_key("scores", "how a one-shot program's output tells them");
  scores.required = false;
  scores.value.default_value = std::string("json");
  scores.value.choices = {"json", "csv", "regex"};
  KeyInfo regex = text_key("score_regex", "for \"regex\": its one group is a score");
  regex.required = false;
  constexpr std::uint64_t kMostWorlds = 1'000'000'000;
  return {
      std::move(command),
      std::move(folder),
      std::move(one_shot),
      std::move(scores),
      std::move(regex),
      count_key("max_worlds_per_process", 0, 0, kMostWorlds, "then it is started anew; 0: never"),
      size_key("memory_limit", 0, 0, kMostMemory,
               "above it, after a world, it is started anew; 0: never"),
  };
}

KeyInfo name_key() { return text_key("name", "one of those that 'joust worlds' lists"); }

std::vector<KeyInfo> world_keys() {
  const PoolOptions pool;
  return {
      duration_key("deadline", pool.world_deadline, kMillisecond, kMonth, "of one attempt"),
      duration_key("stall_timeout", pool.stall_timeout, kMillisecond, kMonth,
                   "between two reports of progress"),
      count_key("attempts", pool.attempts, 1, 100, "tries per world before it is given up"),
      duration_key("retry_backoff", pool.retry_backoff, Duration(0), kHour,
                   "before the 2nd attempt, then doubling"),
      duration_key("terminate_grace", pool.terminate_grace, Duration(0), kHour,
                   "between SIGTERM and SIGKILL; 0s: SIGKILL at once"),
  };
}

KeyInfo ionice_key() {
  KeyInfo key = text_key("ionice", "how workers' reading and writing waits for that of others");
  key.required = false;
  key.decides_results = false;
  key.value.default_value = PoolOptions().ionice;
  key.value.choices = {"none", "idle"};
  for (int level = 0; level < 8; ++level) {
    key.value.choices.push_back("best-effort:" + std::to_string(level));
  }
  return key;
}

std::vector<KeyInfo> worker_keys() {
  const PoolOptions pool;
  KeyInfo durable;
  durable.value.name = "durable";
  durable.value.kind = ParameterKind::boolean;
  durable.value.default_value = pool.durable;
  durable.value.summary = "flush every commit to the disk";
  KeyInfo pin;
  pin.value.name = "pin";
  pin.value.kind = ParameterKind::boolean;
  pin.value.default_value = pool.pin;
  pin.value.summary = "each worker stays on one processor";
  KeyInfo env_allow;
  env_allow.value.name = "env_allow";
  env_allow.value.kind = ParameterKind::text_list;
  env_allow.value.default_value = std::vector<std::string>();
  env_allow.value.summary = "variables that workers inherit beyond the usual";
  return {
      duration_key("start_timeout", pool.start_timeout, kMillisecond, kHour,
                   "from a worker's start to its being ready"),
      duration_key("frozen_timeout", pool.frozen_timeout, kMillisecond, kMonth,
                   "how long a stopped worker may take to come back"),
      count_key(
          "max_deaths_without_progress", pool.max_deaths_without_progress, 0, 1'000'000,
          "deaths with no world finished in between that end the run; 0: 30, or 5 per worker"),
      size_key("ring_size", pool.ring_capacity, 64 << 10, 256 << 20,
               "shared memory for each direction; a power of two"),
      size_key("max_result", pool.max_result, 1 << 10, 1 << 30, "of one world's result"),
      size_key("output_kept", pool.output_kept, 0, 16 << 20,
               "of an attempt's output, at its begin and at its end"),
      size_key("memory", pool.memory, 0, kMostMemory,
               "that all workers may take together; 0: what the machine has"),
      size_key("memory_reserve", pool.memory_reserve, 0, kMostMemory,
               "that stays free on the machine; 0: a twentieth of it"),
      size_key("memory_limit", pool.memory_limit, 0, kMostMemory,
               "of one worker, with all it started; 0: none"),
      size_key("recycle_above", pool.recycle_above, 0, kMostMemory,
               "a worker that takes more is replaced after its world; 0: never"),
      count_key("recycle_after", pool.recycle_after, 0, 1'000'000'000,
                "worlds, then a worker is replaced; 0: never"),
      std::move(durable),
      std::move(pin),
      count_key("nice", pool.nice, 0, kMostNice, "added to the niceness that joust itself has"),
      ionice_key(),
      std::move(env_allow),
  };
}

std::vector<KeyInfo> parameter_keys(const std::vector<ParameterInfo>& declared) {
  std::vector<KeyInfo> keys;
  keys.reserve(declared.size());
  for (const ParameterInfo& info : declared) keys.push_back({info, false, true});
  return keys;
}

Metric metric_from_name(std::string_view name) {
  for (const Metric metric : kMetrics) {
    if (metric_name(metric) == name) return metric;
  }
  throw std::logic_error("unknown metric");
}

void apply(const Parameters& tournament, const Parameters& world, const Parameters& workers,
           PoolOptions& pool) {
  pool.total_deadline = duration_of(tournament, "deadline");
  pool.world_deadline = duration_of(world, "deadline");
  pool.stall_timeout = duration_of(world, "stall_timeout");
  pool.attempts = count_of(world, "attempts");
  pool.retry_backoff = duration_of(world, "retry_backoff");
  pool.terminate_grace = duration_of(world, "terminate_grace");
  pool.start_timeout = duration_of(workers, "start_timeout");
  pool.frozen_timeout = duration_of(workers, "frozen_timeout");
  pool.max_deaths_without_progress = count_of(workers, "max_deaths_without_progress");
  pool.ring_capacity = size_of(workers, "ring_size");
  pool.max_result = size_of(workers, "max_result");
  pool.output_kept = size_of(workers, "output_kept");
  pool.watch_memory = true;
  pool.memory = size_of(workers, "memory");
  pool.memory_reserve = size_of(workers, "memory_reserve");
  pool.memory_limit = size_of(workers, "memory_limit");
  pool.recycle_above = size_of(workers, "recycle_above");
  pool.recycle_after = size_of(workers, "recycle_after");
  pool.durable = workers.get<bool>("durable");
  pool.pin = workers.get<bool>("pin");
  pool.nice = count_of(workers, "nice");
  pool.ionice = workers.get<std::string>("ionice");
  pool.env_allow = workers.get<std::vector<std::string>>("env_allow");
}

}  // namespace joust::spec
