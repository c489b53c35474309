#include "worker/worlds/plugin/host.hpp"

#include "common/messages.hpp"

namespace joust::worlds::plugin {
namespace {

std::string_view view(const void* data, std::size_t size) {
  if (data == nullptr || size == 0) return {};
  return {static_cast<const char*>(data), size};
}

}  // namespace

struct Host::Calls {
  using From = const joust_host*;

  // Nothing is thrown through the plugin: the first exception is kept for failure().
  template <class Action>
  static void guarded(From from, Action action) noexcept {
    Host& host = *static_cast<Host*>(from->data);
    try {
      action(host);
    } catch (...) {
      if (!host.thrown_) host.thrown_ = std::current_exception();
    }
  }

  static void progress(From from, std::uint64_t step, std::uint64_t of) {
    guarded(from, [&](Host& host) { host.context_.progress(step, of); });
  }

  static int stop_requested(From from) {
    int is_asked = 0;
    guarded(from, [&](Host& host) { is_asked = host.context_.stop_requested() ? 1 : 0; });
    return is_asked;
  }

  static std::uint32_t attempt(From from) {
    std::uint32_t attempt = 1;
    guarded(from, [&](Host& host) { attempt = host.context_.attempt(); });
    return attempt;
  }

  static void log(From from, const char* text, std::size_t size) {
    guarded(from, [&](Host& host) { host.context_.log(view(text, size)); });
  }

  static int resource(From from, const char* name, std::size_t name_size, const void** data,
                      std::size_t* size) {
    int is_there = 0;
    guarded(from, [&](Host& host) {
      try {
        const auto bytes = host.resources_.get(view(name, name_size));
        *data = bytes.data();
        *size = bytes.size();
        is_there = 1;
      } catch (const SetupError& error) {
        host.set_failure(error.what(), JOUST_NO_SEAT);
      }
    });
    return is_there;
  }

  static void score(From from, std::uint32_t seat, double score, const char* agent,
                    std::size_t agent_size) {
    guarded(from, [&](Host& host) { host.result_.score(seat, score, view(agent, agent_size)); });
  }

  static void seat_counter(From from, std::uint32_t seat, const char* name, std::size_t name_size,
                           double value) {
    guarded(from,
            [&](Host& host) { host.result_.seat_counter(seat, view(name, name_size), value); });
  }

  static void counter(From from, const char* name, std::size_t name_size, double value) {
    guarded(from, [&](Host& host) { host.result_.counter(view(name, name_size), value); });
  }

  static void payload(From from, const void* data, std::size_t size) {
    guarded(from, [&](Host& host) { host.result_.payload(view(data, size)); });
  }

  static void fail(From from, const char* text, std::size_t size, std::uint32_t seat) {
    guarded(from, [&](Host& host) { host.set_failure(view(text, size), seat); });
  }
};

Host::Host(Resources& resources, WorldContext& context, ResultBuilder& result)
    : resources_(resources),
      context_(context),
      result_(result),
      functions_{.struct_size = sizeof(joust_host),
                 .reserved = 0,
                 .progress = Calls::progress,
                 .stop_requested = Calls::stop_requested,
                 .attempt = Calls::attempt,
                 .log = Calls::log,
                 .resource = Calls::resource,
                 .score = Calls::score,
                 .seat_counter = Calls::seat_counter,
                 .counter = Calls::counter,
                 .payload = Calls::payload,
                 .fail = Calls::fail,
                 .data = this} {}

void Host::set_failure(std::string_view text, std::uint32_t seat) {
  if (!failure_) failure_ = Failure{std::string(text.substr(0, kLongestFailure)), seat};
}

const std::optional<Host::Failure>& Host::failure() const {
  if (thrown_) std::rethrow_exception(thrown_);
  return failure_;
}

}  // namespace joust::worlds::plugin
