"""The crawl that rouei is measured beside: a plain Scrapy spider which follows a sitemap and writes each body.

SITE, OUT and, for a pass with Scrapy's HTTP cache, CACHE come from the environment.
"""

import os
from pathlib import Path

import scrapy
from scrapy.crawler import CrawlerProcess

OUT = Path(os.environ["OUT"])


class Bodies:
    def process_item(self, item):
        (OUT / item["name"]).write_bytes(item["body"])
        return item


class Pages(scrapy.Spider):
    name = "pages"
    start_urls = [os.environ["SITE"] + "/sitemap.xml"]
    custom_settings = {
        "ROBOTSTXT_OBEY": True,
        "CONCURRENT_REQUESTS": 16,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
        "DOWNLOAD_DELAY": 0,
        "LOG_LEVEL": "WARNING",
        "TELNETCONSOLE_ENABLED": False,
        "ITEM_PIPELINES": {Bodies: 1},
        "HTTPCACHE_ENABLED": "CACHE" in os.environ,
        "HTTPCACHE_DIR": os.environ.get("CACHE", ""),
        "HTTPCACHE_POLICY": "scrapy.extensions.httpcache.RFC2616Policy",
    }

    def parse(self, response):
        response.selector.remove_namespaces()
        for address in response.xpath("//loc/text()").getall():
            yield scrapy.Request(address, self.page)

    def page(self, response):
        yield {"name": response.url.rsplit("/", 1)[1], "body": response.body}


OUT.mkdir(parents=True, exist_ok=True)
process = CrawlerProcess()
crawler = process.create_crawler(Pages)
process.crawl(crawler)
process.start()
stats = crawler.stats.get_stats()
print(stats["item_scraped_count"], stats["elapsed_time_seconds"], stats.get("httpcache/revalidate", 0))
