#include "worker/worlds/plugin/plugin_agent.hpp"

#include <algorithm>
#include <cstring>
#include <optional>

#include "worker/worlds/plugin/declaration.hpp"
#include "worker/worlds/plugin/library.hpp"
#include "worker/worlds/plugin/setup_tables.hpp"

namespace joust::worlds::plugin {
namespace {

using scml::Desk;
using scml::Issue;
using scml::Issues;
using scml::Offer;
using scml::Reply;
using scml::Talk;
using scml::UtilityTerms;

constexpr std::size_t kLongestFailure = 4096;

static_assert(sizeof(int) == sizeof(std::int32_t), "lists of units are passed as they are");

joust_offer c_form(const Offer& offer) { return {offer.quantity, offer.day, offer.unit_price}; }
joust_issue c_form(const Issue& issue) { return {issue.low, issue.high}; }
joust_issues c_form(const Issues& issues) {
  return {c_form(issues.quantity), c_form(issues.day), c_form(issues.unit_price)};
}

joust_talk c_form(const Talk& talk) {
  return {talk.partner, talk.round, talk.selling ? 1 : 0, talk.has_offer ? 1 : 0,
          talk.has_offer ? c_form(talk.offer) : joust_offer{}};
}

joust_desk c_form(const Desk& desk) {
  const UtilityTerms& terms = desk.terms;
  return {.struct_size = sizeof(joust_desk),
          .factory = desk.factory,
          .level = desk.level,
          .levels = desk.levels,
          .days = desk.days,
          .rounds = desk.rounds,
          .competitors = desk.competitors,
          .perishable = desk.perishable ? 1 : 0,
          .lines = terms.lines,
          .production_cost = terms.production_cost,
          .day = terms.day,
          .suppliers = desk.suppliers,
          .consumers = desk.consumers,
          .raw_supply = desk.raw_supply,
          .final_demand = desk.final_demand,
          .exogenous_in = terms.exogenous_in,
          .exogenous_out = terms.exogenous_out,
          .inventory = terms.inventory_in,
          .exogenous_in_price = terms.exogenous_in_price,
          .exogenous_out_price = terms.exogenous_out_price,
          .balance = terms.balance,
          .shortfall_penalty = terms.shortfall_penalty,
          .disposal_cost = terms.disposal_cost,
          .storage_cost = terms.storage_cost,
          .input_price = terms.input_price,
          .output_price = terms.output_price,
          .own_price_scale = terms.own_price_scale ? 1 : 0,
          .supplies = desk.supplies,
          .sales = desk.sales,
          .ahead = static_cast<std::int32_t>(desk.future_supplies.size()),
          .future_supplies = desk.future_supplies.data(),
          .future_sales = desk.future_sales.data(),
          .input_issues = c_form(desk.input_issues),
          .output_issues = c_form(desk.output_issues)};
}

UtilityTerms terms_of(const joust_desk& desk) {
  return {.day = desk.day,
          .lines = desk.lines,
          .balance = desk.balance,
          .production_cost = desk.production_cost,
          .disposal_cost = desk.disposal_cost,
          .storage_cost = desk.storage_cost,
          .shortfall_penalty = desk.shortfall_penalty,
          .own_price_scale = desk.own_price_scale != 0,
          .input_price = desk.input_price,
          .output_price = desk.output_price,
          .exogenous_in = desk.exogenous_in,
          .exogenous_in_price = desk.exogenous_in_price,
          .exogenous_out = desk.exogenous_out,
          .exogenous_out_price = desk.exogenous_out_price,
          .inventory_in = desk.inventory,
          .inventory_out = 0};
}

joust_outcome c_form(const scml::DayOutcome& day, double production_cost) {
  return {.struct_size = 0,  // the caller's
          .total_input = day.total_input,
          .total_output = day.total_output,
          .produced = day.produced,
          .shortfall = day.shortfall,
          .leftover = day.leftover,
          .utility = day.utility,
          .revenue = day.revenue,
          .paid = day.paid,
          .production_cost = production_cost * day.produced,
          .shortfall_penalty = day.shortfall_penalty,
          .disposal_cost = day.disposal_cost,
          .storage_cost = day.storage_cost};
}

Reply reply_of(const joust_reply& reply) {
  const Offer offer{reply.offer.quantity, reply.offer.day, reply.offer.unit_price};
  switch (reply.answer) {
    case JOUST_ACCEPT:
      return Reply::accept();
    case JOUST_PROPOSE:
      return Reply::propose(offer);
    default:
      return Reply::end();
  }
}

// No call allocates within a day: what a day can need is reserved when it begins.
class PluginAgent : public scml::Agent {
 public:
  PluginAgent(const joust_agent_type& type, const Parameters& parameters,
              const std::vector<ParameterInfo>& declared, const scml::AgentSetting& setting)
      : type_(type), seat_(setting.seat) {
    const ValueTables::Values& values = values_.add(parameters, declared);
    setting_ = {.struct_size = sizeof(joust_agent_setting),
                .factories = setting.factories,
                .lines = setting.lines,
                .rounds = setting.rounds,
                .days = setting.days,
                .reserved = 0,
                .seed = setting.seed,
                .parameters = values.data(),
                .parameter_count = values.size()};
    host_ = {.struct_size = sizeof(joust_agent_host),
             .reserved = 0,
             .outcome = outcome,
             .fail = fail,
             .data = this};
    agent_ = type_.create(&setting_, &host_);
    if (agent_ != nullptr && !failure_) synchronous_ = asks_for_all();
    if (agent_ != nullptr && !failure_) return;
    if (agent_ != nullptr) type_.destroy(agent_);
    throw SetupError(failure_.value_or("it did not say why"));
  }
  ~PluginAgent() override { type_.destroy(agent_); }
  PluginAgent(const PluginAgent&) = delete;
  PluginAgent& operator=(const PluginAgent&) = delete;

  bool synchronous() const override { return synchronous_; }

  void begin_day(const Desk& desk) override {
    const auto partners =
        static_cast<std::size_t>(desk.suppliers) + static_cast<std::size_t>(desk.consumers);
    talks_.reserve(partners);
    replies_.reserve(partners);
    trades_.reserve(partners);
    if (type_.begin_day == nullptr) return;
    const joust_desk now = c_form(desk);
    type_.begin_day(agent_, &now);
    throw_failure();
  }

  void act(const Desk& desk, std::span<const Talk> talks, std::span<Reply> replies) override {
    talks_.clear();
    for (const Talk& talk : talks) talks_.push_back(c_form(talk));
    replies_.assign(talks.size(), joust_reply{});
    const joust_desk now = c_form(desk);
    const joust_request request = {.struct_size = sizeof(joust_request),
                                   .talk_size = sizeof(joust_talk),
                                   .reply_size = sizeof(joust_reply),
                                   .count = static_cast<std::uint32_t>(talks.size()),
                                   .talks = talks_.data(),
                                   .replies = replies_.data()};
    type_.act(agent_, &now, &request);
    throw_failure();
    std::transform(replies_.begin(), replies_.end(), replies.begin(), reply_of);
  }

  void on_agreement(const Desk& desk, int partner, bool selling, const Offer& offer) override {
    if (type_.on_agreement == nullptr) return;
    const joust_desk now = c_form(desk);
    const joust_agreement agreement = {.struct_size = sizeof(joust_agreement),
                                       .partner = partner,
                                       .selling = selling ? 1 : 0,
                                       .terms = c_form(offer)};
    type_.on_agreement(agent_, &now, &agreement);
    throw_failure();
  }

 private:
  bool asks_for_all() const {
    return type_.synchronous != nullptr && type_.synchronous(agent_) != 0;
  }

  void throw_failure() const {
    if (failure_) throw CompetitorFault(seat_, *failure_);
  }

  // No exception may pass through the library.
  static void outcome(const joust_agent_host* host, const joust_desk* desk,
                      const joust_trade* trades, std::size_t count, joust_outcome* into) noexcept {
    auto& me = *static_cast<PluginAgent*>(host->data);
    me.trades_.clear();
    for (std::size_t i = 0; i < count; ++i) {
      const joust_trade& from = trades[i];
      me.trades_.push_back({from.quantity, from.day, from.unit_price, from.is_output != 0});
    }
    joust_outcome found =
        c_form(scml::day_outcome(terms_of(*desk), me.trades_), desk->production_cost);
    found.struct_size = into->struct_size;
    std::memcpy(into, &found, std::min<std::size_t>(into->struct_size, sizeof(found)));
  }

  static void fail(const joust_agent_host* host, const char* text, std::size_t size) noexcept {
    auto& me = *static_cast<PluginAgent*>(host->data);
    if (me.failure_) return;  // the first one counts
    me.failure_ = text == nullptr ? "" : std::string(text, std::min(size, kLongestFailure));
  }

  const joust_agent_type& type_;
  std::uint32_t seat_;
  ValueTables values_;
  joust_agent_setting setting_{};
  joust_agent_host host_{};
  void* agent_ = nullptr;
  bool synchronous_ = false;
  std::optional<std::string> failure_;
  std::vector<joust_talk> talks_;  // these three are scratch
  std::vector<joust_reply> replies_;
  std::vector<scml::Trade> trades_;
};

}  // namespace

std::vector<scml::AgentType> agent_types_in(const std::string& library) {
  std::vector<scml::AgentType> types;
  for (DeclaredAgent& agent : declared_agents(load_agents(library))) {
    scml::AgentType type;
    type.declared = std::move(agent.declared);
    type.abbreviation = scml::abbreviated(type.declared.name);
    type.make = [functions = agent.functions, declared = type.declared.parameters](
                    const Parameters& parameters, const scml::AgentSetting& setting) {
      return std::make_unique<PluginAgent>(*functions, parameters, declared, setting);
    };
    types.push_back(std::move(type));
  }
  return types;
}

}  // namespace joust::worlds::plugin
