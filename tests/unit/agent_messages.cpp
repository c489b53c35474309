// The messages to agents in processes of their own: what goes one way comes out the other, and what
// is no answer is told with its beginning.

#include "worker/worlds/agents/messages.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "common/world_registry.hpp"
#include "worker/worlds/scml/agent_messages.hpp"

namespace joust::worlds {
namespace {

using nlohmann::json;

std::string reason(const std::function<void()>& read) {
  try {
    read();
  } catch (const agents::BadAnswer& bad) {
    return bad.what();
  }
  return "fine";
}

// A message as joust sends it, with these members.
std::string message(const std::string& members) {
  return agents::request_line("any", 7, ",\"seed64\":\"18446744073709551615\"" + members);
}

TEST_CASE("parameters of every kind of built-in world and agent come back from JSON as they were") {
  const WorldRegistry worlds = builtin_worlds();
  for (const auto& type : worlds.types()) {
    std::vector<std::vector<ParameterInfo>> lists = {type->parameters};
    for (const CompetitorType& each : type->competitor_types) lists.push_back(each.parameters);
    for (const std::vector<ParameterInfo>& declared : lists) {
      Parameters parameters;
      fill_defaults(parameters, declared);
      const std::string text = agents::parameters_json(parameters);
      CAPTURE(text);
      CHECK(agents::parse_parameters(text, declared) == parameters);
    }
  }
}

TEST_CASE("a setup tells the competitor, the rules and the deadline, and no secret") {
  WorldSetup setup;
  setup.world = "a-world";
  Parameters rules;
  rules.set("rounds", std::int64_t{7});
  rules.set("secret", std::string("the economies"));
  Competitor competitor{"Ann \"the Builder\"", "program", {}};
  competitor.parameters.set("open", JsonText{R"({"a":[1,2.5]})"});
  competitor.agent.move_deadline = std::chrono::milliseconds(1500);
  const std::string line =
      agents::setup_line(setup, competitor, agents::parameters_json(rules, "secret"));
  CHECK(line.back() == '\n');
  CHECK(json::parse(line) ==
        json::parse(R"({"type":"setup","protocol":1,"world":"a-world","parameters":{"rounds":7},
                        "competitor":{"name":"Ann \"the Builder\"","type":"program",
                                      "parameters":{"open":{"a":[1,2.5]}}},
                        "move_deadline":1.5})"));
}

TEST_CASE("a seed is told twice: what every language can read, and all of it") {
  const auto members = json::parse(agents::request_line(
      "begin", 1, agents::seed_members(std::uint64_t{5187436124019} * 2048 + 961)));
  CHECK(members.at("n") == 1);
  CHECK(members.at("seed") == 5187436124019);
  CHECK(members.at("seed64") == "10623869181991873");
}

TEST_CASE("what is no answer to the request is refused with its beginning") {
  const auto of = [](const std::string& line) {
    return reason([&] { agents::read_error(line, 3); });
  };
  CHECK(of(R"({"type":"answer","n":3,"whatever":1})") == "fine");
  CHECK(of("C") == "no JSON: C");
  CHECK(of("") == "no JSON: ");
  CHECK(of("[1]") == "no JSON object: [1]");
  CHECK(of("{}") == "neither an answer nor an error: {}");
  CHECK(of(R"({"type":5,"n":3})").starts_with("neither an answer"));
  CHECK(of(R"({"type":"answer"})").starts_with("it must answer the message with n = 3: {"));
  CHECK(of(R"({"type":"answer","n":4})").starts_with("it must answer the message with n = 3"));
  CHECK(of(R"({"type":"answer","n":"3"})").starts_with("it must answer the message with n = 3"));
  const std::string cut = of(std::string(10'000, '['));
  CHECK(cut == "no JSON: " + std::string(200, '[') + "...");
}

TEST_CASE("an error is told in its own words") {
  CHECK(agents::read_error(R"({"type":"error","n":3,"text":"a\nb"})", 3) == "a\nb");
  CHECK(agents::read_error(R"({"type":"error","n":3})", 3) == "an error without a text");
  CHECK(agents::read_error(R"({"type":"answer","n":3})", 3) == std::nullopt);
}

TEST_CASE("ready is ready, and anything else says why not") {
  const auto of = [](const std::string& line) { return reason([&] { agents::read_ready(line); }); };
  CHECK(of(R"({"type":"ready","protocol":1})") == "fine");
  CHECK(of(R"({"type":"ready","protocol":2})").starts_with("it does not speak protocol 1"));
  CHECK(of(R"({"type":"error","text":"no"})") == "it cannot play: no");
  CHECK(of(R"({"type":"answer"})").starts_with("the first message must be 'ready'"));
}

// Every member has a value of its own, so that none can stand for another.
scml::Desk some_desk() {
  scml::Desk desk;
  int number = 1;
  for (int* each :
       {&desk.factory, &desk.level, &desk.levels, &desk.days, &desk.rounds, &desk.competitors,
        &desk.suppliers, &desk.consumers, &desk.raw_supply, &desk.final_demand, &desk.supplies,
        &desk.sales, &desk.terms.day, &desk.terms.lines, &desk.terms.exogenous_in,
        &desk.terms.exogenous_out, &desk.terms.inventory_in, &desk.terms.inventory_out}) {
    *each = number++;
  }
  for (double* each : {&desk.terms.balance, &desk.terms.production_cost, &desk.terms.disposal_cost,
                       &desk.terms.storage_cost, &desk.terms.shortfall_penalty,
                       &desk.terms.input_price, &desk.terms.output_price,
                       &desk.terms.exogenous_in_price, &desk.terms.exogenous_out_price}) {
    *each = 1.0 / number++;
  }
  desk.perishable = false;
  desk.terms.own_price_scale = true;
  desk.input_issues = {{1, 2}, {3, 4}, {5, 6}};
  desk.output_issues = {{-7, 8}, {9, 10}, {11, 12}};
  desk.future_supplies = {13, 14};
  desk.future_sales = {15, 16};
  return desk;
}

TEST_CASE("a desk comes over the wire bit by bit") {
  const scml::Desk desk = some_desk();
  const std::string once = scml::begin_day_members(desk);
  const scml::Desk read = scml::read_begin_day(message(once));
  CHECK(scml::begin_day_members(read) == once);
  CHECK(read.terms.exogenous_out_price == desk.terms.exogenous_out_price);
  CHECK(read.needed_sales() == desk.needed_sales());
  CHECK(json::parse(message(once)).at("desk").size() == 18);
  CHECK(json::parse(message(once)).at("desk").at("terms").size() == 16);
}

TEST_CASE("what an agent is born with comes over the wire, with all bits of its seed") {
  const scml::AgentSetting setting = {.seed = 0,
                                      .factories = 3,
                                      .lines = 10,
                                      .rounds = 20,
                                      .days = 50,
                                      .reference_quirks = false,
                                      .partner_rank = {2, 0, 1}};
  const scml::AgentSetting read = scml::read_begin(message(scml::begin_members(setting)));
  CHECK(read.seed == 0xFFFFFFFFFFFFFFFF);
  CHECK(scml::begin_members(read) == scml::begin_members(setting));
  CHECK(read.partner_rank == setting.partner_rank);
}

TEST_CASE("talks and agreements come over the wire") {
  const scml::Desk desk = some_desk();
  const std::vector<scml::Talk> talks = {{4, 0, true, false, {}}, {5, 19, false, true, {1, -2, 3}}};
  const scml::Request read = scml::read_act(message(scml::act_members(desk, talks)));
  CHECK(read.agreed.supplies == desk.supplies);
  CHECK(read.agreed.sales == desk.sales);
  CHECK(read.agreed.future_supplies == desk.future_supplies);
  CHECK(read.agreed.future_sales == desk.future_sales);
  REQUIRE(read.talks.size() == 2);
  CHECK(read.talks[0].partner == 4);
  CHECK(read.talks[0].selling);
  CHECK_FALSE(read.talks[0].has_offer);
  CHECK(read.talks[1].round == 19);
  CHECK_FALSE(read.talks[1].selling);
  CHECK(read.talks[1].has_offer);
  CHECK(read.talks[1].offer == talks[1].offer);
  CHECK(scml::read_act(message(scml::act_members(desk, {}))).talks.empty());

  const scml::Agreement agreement =
      scml::read_agreement(message(scml::agreement_members(desk, 6, true, {7, 8, 9})));
  CHECK(agreement.partner == 6);
  CHECK(agreement.selling);
  CHECK(agreement.offer == scml::Offer{7, 8, 9});
  CHECK(agreement.agreed.future_sales == desk.future_sales);

  // where nothing can be for later, nothing is said of it
  const std::string of_oneshot = scml::agreement_members({}, 6, true, {7, 8, 9});
  CHECK(of_oneshot.find("future") == std::string::npos);
  CHECK(scml::read_agreement(message(of_oneshot)).agreed.future_sales.empty());
}

TEST_CASE("replies come back, and those that are not there end their negotiation") {
  using scml::Reply;
  const std::vector<Reply> said = {Reply::accept(), Reply::propose({1, 2, 3}), Reply::end()};
  std::vector<Reply> heard(5, Reply::end());
  scml::read_replies(message(scml::replies_members(said)), heard);
  CHECK(heard[0].kind == Reply::Kind::accept);
  CHECK(heard[1].kind == Reply::Kind::propose);
  CHECK(heard[1].offer == scml::Offer{1, 2, 3});
  for (std::size_t i = 2; i < heard.size(); ++i) CHECK(heard[i].kind == Reply::Kind::end);
}

TEST_CASE("replies that there are not are refused") {
  const auto of = [](const std::string& replies) {
    std::vector<scml::Reply> heard(2);
    return reason([&] { scml::read_replies(message(replies), heard); });
  };
  CHECK(of("").starts_with("an answer without the list 'replies'"));
  CHECK(of(R"(,"replies":"accept")").starts_with("an answer without the list"));
  CHECK(of(R"(,"replies":["end","end","end"])").starts_with("3 replies to 2 talks"));
  for (const char* bad : {"\"yes\"", "null", "[1,2]", "[1,2,3.5]", "[1,2,3000000000]",
                          "[1,2,18446744073709551615]", "[1,2,\"3\"]", "{}"}) {
    CAPTURE(bad);
    CHECK(of(std::string(",\"replies\":[") + bad + "]").starts_with("a reply must be"));
  }
}

TEST_CASE("an agent says once whether it wants all talks together") {
  CHECK(scml::read_synchronous(message(",\"synchronous\":true")));
  CHECK_FALSE(scml::read_synchronous(message(",\"synchronous\":false")));
  CHECK_FALSE(scml::read_synchronous(message("")));
  CHECK(reason([] { scml::read_synchronous(message(",\"synchronous\":1")); }) != "fine");
}

}  // namespace
}  // namespace joust::worlds
