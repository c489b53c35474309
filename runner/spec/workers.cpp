#include "runner/spec/workers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "common/parse_number.hpp"
#include "runner/machine/processors.hpp"
#include "runner/spec/schema.hpp"

namespace joust::spec {
namespace {

// "auto": one per processor; or a number from 1 to kMostWorkers; nothing when it is neither.
std::optional<std::uint32_t> parse_count(std::string_view text, std::uint32_t processors) {
  if (text == "auto") return std::min(processors, kMostWorkers);
  const auto count = parse_number<std::uint32_t>(text);
  if (!count || *count < 1 || *count > kMostWorkers) return std::nullopt;
  return count;
}

// The text that parse_count understands, from "auto" or an integer.
std::string count_text(const Node& node) {
  if (const auto* number = std::get_if<std::int64_t>(&node.value)) return std::to_string(*number);
  const auto* text = std::get_if<std::string>(&node.value);
  return text != nullptr && *text == "auto" ? "auto" : "";
}

void override_placement(const WorkerOverrides& overrides, Resolved& resolved) {
  if (overrides.pin) {
    resolved.values.set("pin", *overrides.pin);
    override_key(resolved.keys, "workers.pin", *overrides.pin ? "true" : "false", "from --pin");
  }
  if (overrides.nice) {
    resolved.values.set("nice", std::int64_t{*overrides.nice});
    override_key(resolved.keys, "workers.nice", std::to_string(*overrides.nice), "from --nice");
  }
  if (overrides.ionice) {
    resolved.values.set("ionice", *overrides.ionice);
    override_key(resolved.keys, "workers.ionice", fmt::format("\"{}\"", *overrides.ionice),
                 "from --ionice");
  }
}

}  // namespace

WorkerSettings load_workers(const Section& section, const WorkerOverrides& overrides,
                            InputFiles& files) {
  WorkerSettings settings;
  settings.processors = machine::look_at_processors().usable();
  settings.resolved = section.read_all(worker_keys(), files, {"count"});
  override_placement(overrides, settings.resolved);

  const Entry* entry = section.find("count");
  std::string text = entry == nullptr ? "auto" : count_text(entry->value);
  std::optional<std::uint32_t> count = parse_count(text, settings.processors);
  if (!count && entry != nullptr) {
    section.fail_value(*entry, fmt::format("\"auto\" or an integer from 1 to {}", kMostWorkers));
  }
  std::string note =
      fmt::format("1 to {}, or \"auto\": one per processor that may be used", kMostWorkers);
  if (overrides.count) {
    text = *overrides.count;
    count = parse_count(text, settings.processors);
    note = "from --workers";
  }
  if (!count) {
    throw SpecError(fmt::format("--workers must be \"auto\" or a number from 1 to {}; it is '{}'",
                                kMostWorkers, text));
  }
  settings.count = *count;
  settings.resolved.keys.insert(settings.resolved.keys.begin(),
                                {"workers.count", text == "auto" ? "\"auto\"" : text,
                                 entry == nullptr && !overrides.count, false, note});
  if (!std::has_single_bit(
          static_cast<std::uint64_t>(settings.resolved.values.get<std::int64_t>("ring_size")))) {
    section.fail_value(*section.find("ring_size"), "a power of two, such as \"1MiB\"");
  }
  return settings;
}

std::uint32_t threads_of_worker(const PoolOptions& pool, std::uint32_t processors) {
  return pool.pin ? 1 : std::max(1U, processors / pool.workers);
}

std::string placement_warning(const PoolOptions& pool) {
  if (!pool.pin) return "";
  const std::uint32_t processors = machine::look_at_processors().allowed;
  if (pool.workers <= processors) return "";
  return fmt::format("{} pinned workers share {} {}: several play on the same one", pool.workers,
                     processors, processors == 1 ? "processor" : "processors");
}

}  // namespace joust::spec
